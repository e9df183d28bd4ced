// Our JavaScript, src/**/*.js, in one file. Written by: node xtask/js/copy.mjs
var attempt=act=>{try{return act()}catch{}};var words=(object,name)=>{const value=attempt(()=>object[name]);return typeof value=="string"?value:void 0};var tell=(object,name,text)=>attempt(()=>object[name](text));var hearing=act=>(text,event=0,id=0,number=0)=>act(text,event,id,number);var teardown=(handle,object,name)=>attempt(()=>handle.teardown(()=>object[name]()));var SOCKET=0;var REQUEST=1;var HELD=2;
var TIMER=3;var PICTURE=4;var CHANNEL=5;var LISTENERS=6;var TIMEOUT=0;var FRAME=1;var OPENED=2;var TEXT=3;var CLOSED=4;var ANSWERED=5;var FAILED=6;var PEER=7;var LOCK=8;var PAGE=9;var LOST=0;var ACQUIRED=1;var MISSING=2;var ABNORMAL=1006;var shell=(tell2,host)=>{const held=new Map;const key=(kind,id)=>kind+":"+(id??0);const letGo=(kind,id)=>{const[end2]=held.get(key(kind,id))??[];held.delete(key(kind,
id));attempt(end2)};const hold=(kind,id,end2,it)=>{held.set(key(kind,id),[end2,it]);return(event,number=0,text="")=>{if(held.get(key(kind,id))?.[0]!=end2)return;held.delete(key(kind,id));tell2(text,event,id,number)}};const end=()=>[...held.keys()].forEach(key2=>letGo(...key2.split(":")));let group;let cached;const cancel=attempt(()=>host.teardown(end));const texts2=(it,event,id)=>{it.onmessage=({data})=>typeof data==
"string"&&tell2(data,event,id,0);return()=>{it.onopen=it.onmessage=it.onclose=null;it.close()}};const join=()=>{const it=new BroadcastChannel(group);return hold(CHANNEL,0,texts2(it,PEER,0),text=>it.postMessage(text))};return{letGo,end(){end();cancel?.()},open(id,address){let over;try{const it=new WebSocket(address);over=hold(SOCKET,id,texts2(it,TEXT,id),text=>it.send(text));it.onopen=()=>tell2("",
OPENED,id,0);it.onclose=({code})=>over(CLOSED,code)}catch{over=hold(SOCKET,id,()=>{});queueMicrotask(()=>over(CLOSED,ABNORMAL))}},join(name){group=name;return!!attempt(join)},send:(kind,id,text)=>attempt(()=>held.get(key(kind,id))[1](text)),async post(id,address,body,lasting){const giveUp=new AbortController;const over=hold(REQUEST,id,()=>lasting||giveUp.abort());const headers={"Content-Type":"app\
lication/json;charset=UTF-8"};const more=lasting?{keepalive:true,credentials:"omit"}:{headers,credentials:"include",signal:giveUp.signal};try{const answer=await fetch(address,{method:"POST",body,...more});over(ANSWERED,answer.status,answer.ok?await answer.text():"")}catch{over(FAILED)}},lock(id,name,steal){letGo(HELD,id);const wait=new AbortController;let release;const give=()=>release?release():wait.
abort();const over=hold(HELD,id,give);const granted=()=>held.get(key(HELD,id))?.[0]==give&&new Promise(done=>{release=done;tell2("",LOCK,id,ACQUIRED)});const missed=()=>over(LOCK,release?LOST:MISSING);attempt(()=>navigator.locks.request(name,steal?{steal}:{signal:wait.signal},granted).catch(missed))??queueMicrotask(missed)},arm(ms){letGo(TIMER);const number=setTimeout(()=>over(TIMEOUT),ms);const over=hold(
TIMER,0,()=>clearTimeout(number))},frame(){if(held.has(key(PICTURE)))return;const number=requestAnimationFrame(()=>over(FRAME));const over=hold(PICTURE,0,()=>cancelAnimationFrame(number))},listen(){const stop=new AbortController;const say2=place=>place>=0&&tell2("",PAGE,0,place);const on=(target,type,place)=>target.addEventListener(type,event=>say2(place(event)),stop);hold(LISTENERS,0,()=>stop.abort());
on(window,"online",()=>0);on(window,"offline",()=>1);on(document,"visibilitychange",()=>document.hidden?3:2);on(window,"pagehide",({persisted})=>(cached=persisted)?5:4);on(window,"pageshow",({persisted})=>(cached=false,persisted?6:-1));on(document,"freeze",()=>cached?letGo(CHANNEL):7);on(document,"resume",()=>(cached&&attempt(join),8));on(window,"focus",()=>9);if(!navigator.onLine)say2(1);if(document.
hidden)say2(3)}}};var about=given=>{const[pageTitle,url,referrer]=[document.title,location.href,document.referrer].map(text=>text.slice(0,2e3));return JSON.stringify({source:"web",pageTitle,url,referrer,...attempt(()=>JSON.parse(given))})};var outcome=act=>{try{return act()|0}catch(error){return/quota/i.test(error?.name)?1:2}};var listed=names=>names.map(name=>name+"\0").join("");var web=(area,namespace)=>{
const prefix=`sc:${namespace}:`;const own=()=>Object.keys(window[area]).filter(key=>key.startsWith(prefix)&&window[area].getItem(key)!=null).map(key=>key.slice(prefix.length));return{own,names:()=>attempt(()=>listed(own())),item:name=>attempt(()=>window[area].getItem(prefix+name))??void 0,keep:(name,text)=>outcome(()=>{const it=window[area];text==null?it.removeItem(prefix+name):it.setItem(prefix+name,
text)}),leave(){}}};var INSIDE=["session","read","epoch","term","consent","tombstone"];var LONGEST=2048;var cookie=(namespace,domain,afterwards)=>{const start=`sc-${namespace}=`;const rest=web("sessionStorage",namespace);const mark="&"+Math.random();let last;let leaving;const cookies=()=>document.cookie.split(/; */);const read2=()=>{let pair=cookies().find(pair2=>pair2.startsWith(start));if(pair?.
endsWith(mark))pair=last;return pair&&new Map(pair.slice(start.length).split("&").flatMap(part=>{const[name,text]=part.split("=");return name!="v"&&text!=null?attempt(()=>[[name,decodeURIComponent(text)]])??[]:[]}))};const write=(entries,gone)=>{let pair=start+"v=1";for(const[name,text]of entries)pair+=`&${name}=${encodeURIComponent(text)}`;pair+=mark;if(pair.length>LONGEST)return 1;const seconds=gone?
0:leaving?afterwards:null;document.cookie=pair+";Path=/;SameSite=Lax"+(location.protocol=="https:"?";Secure":"")+(domain?";Domain="+domain:"")+(seconds==null?"":";Max-Age="+seconds);last=seconds!=0&&pair;return!last||cookies().includes(pair)?0:2};const put=(name,text)=>{const entries=read2()||new Map;if(!entries.delete(name)&&text==null)return 0;if(text!=null)entries.set(name,text);return write(entries,
!entries.size)};return{names:()=>attempt(()=>{const inside=read2();const outside=rest.own();if(inside)return listed([...new Set([...inside.keys(),...outside])]);for(const name of outside)if(rest.keep(name))return;return""}),item:name=>attempt(()=>(read2()||new Map).get(name))??rest.item(name),keep:(name,text)=>outcome(()=>{if(!INSIDE.includes(name)){const failed3=text!=null&&!read2()&&write([]);return failed3||
rest.keep(name,text)}const failed2=put(name,text);if(text!=null&&failed2==1)return put(name)||rest.keep(name,text);return rest.keep(name)||failed2}),leave:now=>attempt(()=>{leaving=now;const entries=read2();if(entries)write(entries)})}};var kept=(area,namespace,domain,afterwards)=>area>1?cookie(namespace,domain,afterwards):web(area?"sessionStorage":"localStorage",namespace);var attempt2=act=>{try{return act()}catch{}};var member=(object,name)=>attempt2(()=>object[name]);var json=(value,names)=>attempt2(()=>JSON.stringify(value,names));var ask=act=>new Promise(done=>done(act()));var failed=({message,...more})=>Object.assign(new Error(message),{name:"SupportChatError",...more});var parse=text=>JSON.parse(text);var failure=text=>failed(JSON.parse(text));var FUNCTION="-0";
var UNSAID="-0.0";var plain=value=>value===void 0?"null":typeof value=="function"?FUNCTION:json(value)??UNSAID;var members=(object,say2)=>{let big;const text=attempt2(()=>`{${Object.keys(object).flatMap(key=>{const value=member(object,key);if(value===void 0)return[];const said2=say2(value,key);if(said2?.length>ROOM)big="`"+key+"`";return`${json(key)}:${said2}`})}}`)??UNSAID;return big??text};var isObject=value=>attempt2(
()=>value&&typeof value=="object"&&!Array.isArray(value));var option=(value,key)=>isObject(value)&&/^transport$|torage$/.test(key)?members({connect:1,perform:1,disconnect:1,read:1,write:1},(_,name)=>typeof member(value,name)=="function"?FUNCTION:null):plain(value);var side=(host,given={},token)=>{const waiting=new Map;const providers=new Map([[0,member(given,"tokenProvider")]]);const told={};const it={
given,waiting,providers,options:isObject(given)?members(given,option):plain(given),locale:document.documentElement.lang||navigator.language||"en",origin:location.origin,emit(text){const envelope=JSON.parse(text);const{payload}=envelope;if(payload.error)payload.error=failed(payload.error);host.emit({id:""+Math.random(),createdAt:new Date().toISOString(),...envelope})},settle(text){const{call,value,
error}=JSON.parse(text);const[,resolve,reject]=waiting.get(call);waiting.delete(call);error?reject(failed(error)):resolve(value)},launcher(text){const look=JSON.parse(text);for(const name in look){const value=json(look[name]);if(told[name]!=value)attempt2(()=>host.launcher[name](look[name]));told[name]=value}},askToken(text){const[number,provider,reason]=JSON.parse(text);const act=providers.get(provider);
const answer=given2=>token(json([number,typeof given2=="string"&&given2.length<ROOM?given2:null]));ask(()=>act({reason})).then(answer,()=>answer())},keepProvider(wanted){for(const number of providers.keys())number&&number!=wanted&&providers.delete(number)},focus:from=>host.launcher.focus(from),sound:()=>host.sound()};const logger=member(given,"logger");for(const name of["debug","info","warn","erro\
r"]){it[name]=line=>(logger||console[name])("[support-chat]",line)}return it};var said=({waiting,providers},id,name,entry)=>{waiting.set(id,entry);const given=member(entry[0],"preventDefault")?void 0:entry[0];const provider=member(given,"tokenProvider");if(typeof provider=="function")providers.set(id,provider);return isObject(given)&&!/^set/.test(name)?members(given,plain):plain(given)};var PATIENCE=3e4;
var READ=["index","id","conversationId","userId","merged","code","message"];var ROOM=3e5;var transport=({given},act)=>{const page=member(given,"transport");let generation=0;let state=0;let connecting;let open=[];let can=[];let user;const say2=(t,value,more)=>act(`{${json({t,...more}).slice(1,-1)},"value":${value??null}}`);const present=hear=>{const mine=generation;return value=>mine==generation&&hear(
value)};const forget=()=>{for(const{timer}of open)clearTimeout(timer);clearTimeout(connecting);generation++;state=0;open=can=[]};const receive=events=>{const mine=generation;let part="";const hand=()=>part&&mine==generation&&say2("received",`[${part.slice(1)}]`);for(const event of attempt2(()=>[...[].concat(events)])??[null]){const text=json(event)??"null";if(part.length+text.length>ROOM){hand();part=
""}part+=`,${text}`}hand()};const lose=reason=>{forget();say2("interrupted",json(reason))};const leave=reason=>ask(()=>page.disconnect(reason)).catch(()=>{});const listed2=by=>attempt2(()=>by.capabilities.filter(name=>typeof name=="string"&&name.length<20).slice(0,99))||[];const settle=(operation,value,failed2)=>{const{op,type,timer}=operation;if(!open.includes(operation))return;clearTimeout(timer);
open=open.filter(other=>other!=operation);if(failed2==null){const events=type=="history"&&attempt2(()=>value.events);if(events)receive(events);if(type=="identify"){user=attempt2(()=>`${value.userId??""}`)||true;value=attempt2(()=>({...value,userId:user}))}}const text=json(value,type=="conversations"&&failed2==null?void 0:READ);say2("performed",text?.length<ROOM?text:null,{op,type,failed:failed2})};
return{connect(text){const session=JSON.parse(text);const same=user===true||user===session.user?.id;const was=state;forget();user=session.user?.id;if(was)leave(same?"reload":"identity");state=1;const early=listed2(page);const sink={connected(info){if(state==2)return;clearTimeout(connecting);state=2;can=[...early,...listed2(info)];say2("connected",json(can))},receive,interrupted:()=>lose("interrupt\
ed"),closed(reason){forget();say2("closed",json(reason))},save(data){const text2=json(data);say2(text2?"saved":"not JSON",text2)}};for(const name in sink)sink[name]=present(sink[name]);connecting=setTimeout(()=>lose("timeout"),PATIENCE);const refused=present(()=>state==1&&lose("refused"));ask(()=>page.connect(session,sink)).catch(refused)},perform(text){const{op,...command}=JSON.parse(text);const operation={
op,type:command.type};operation.timer=setTimeout(()=>{if(/send|history/.test(command.type))lose("timeout");else settle(operation,null,"late")},PATIENCE);open=[...open,operation];ask(()=>page.perform(command)).then(value=>settle(operation,value),reason=>settle(operation,reason,""))},revoke(){const told=()=>say2("revoked");ask(()=>can.includes("identify")&&page.perform({type:"revoke"})).then(told,told)},
disconnect(reason){const was=state;forget();user=void 0;if(was||reason=="shutdown")leave(reason)},end:forget}};var READING=3e3;var WRITING=1e3;var UNDONE=2**32-2;var whose=session=>session&&`${session}`.split(",",3)+"";var store=({given},act)=>{const page=member(given,"stateStorage")??member(given,"storage");let entries=new Map;let leads;let goes;let changed;let waiting=[];let writing;let reading;let unread=0;let wipes=0;let wiped;let own;let done=0;let empty=true;const say2=report=>act(json(report));const next=()=>unread&&
!reading&&!writing&&(unread--,read2());const read2=()=>{const mine=reading={wipes,touched:new Map};const finish=found=>{if(reading!=mine)return;clearTimeout(mine.timer);reading=null;if(found.pop){if(mine.wipes<wipes)return unread++,next();empty=!found[0];const kept2=entries;entries=new Map(found);for(const[name,text]of kept2){const other=entries.get(name);const counts="epoch term".includes(name)&&
(!(other>=0)||+other<+text);if(counts||name=="consent"&&other==null)entries.set(name,text)}for(const[name,text]of mine.touched)text==null?entries.delete(name):entries.set(name,text);found=[...entries].flat()}say2({loaded:found});next()};mine.timer=setTimeout(()=>finish("timeout"),READING);ask(()=>page.read()).then(state=>finish(parts(state)),()=>finish("corrupt"))};const parts=state=>{const text=json(
state??{});if(text?.[0]!="{")return"corrupt";const{v,entries:entries2}=JSON.parse(text);return v>1?"newer":Object.entries(Object(entries2)).filter(entry=>typeof entry[1]=="string")};const drop=kept2=>{for(const name of entries.keys())kept2.includes(name)||entries.delete(name)};const settle=(tokens,why)=>{for(const stored of why&&!tokens[0]?[null]:tokens)say2({stored,why})};const undo=session=>ask(
()=>page.read()).then(state=>whose(state?.entries?.session)).catch(()=>{}).then(found=>{if(found&&found!=session)return;waiting.push(UNDONE);wiped=changed=true;empty=false;write()});const hurry=()=>{if(writing)clearTimeout(writing.timer),waiting.push(...writing.tokens);writing=null};const write=()=>{if(!(wiped||leads))return settle(waiting.splice(0));if(writing&&!goes)return;hurry();goes=wiped=own=
changed=false;const session=whose(entries.get("session"));const state=session?{v:1,entries:Object.fromEntries(entries)}:null;const was=empty;empty=!state;if(was&&empty)return settle(waiting.splice(0));const mine=writing={tokens:waiting.splice(0),wipes};const finish=why=>{done=Date.now();if(writing==mine){clearTimeout(mine.timer);writing=null;settle(mine.tokens,why);if(!why&&changed)write()}if(session&&
mine.wipes<wipes)undo(session);next()};const failed2=()=>finish("blocked");mine.timer=setTimeout(()=>finish("timeout"),WRITING);try{const written=page.write(state);if(written?.then)Promise.resolve(written).then(()=>finish(),failed2);else finish()}catch{failed2()}};return{load:()=>(unread++,next()),set(text){const[name,value,token]=JSON.parse(text);wiped||=token>UNDONE;entries.set(name,value);reading?.
touched.set(name,value);if(token)waiting.push(token);changed=true},remove(name){if(name=="session"&&!own){wiped=false;if(!writing&&done>Date.now()-READING)undo(whose(entries.get(name)));drop("epoch consent");wipes++}changed=entries.delete(name)||changed;reading?.touched.set(name)},wipe(kept2){drop(JSON.parse(kept2));wiped=own=changed=true;empty=false;wipes++;hurry()},flush:()=>changed&&write(),lead(how){
if(how=="goes")goes=true;else leads=how},end(){act=()=>{};unread=0;clearTimeout(reading?.timer);clearTimeout(writing?.timer);reading=writing=wiped=leads=null}}};var OUTSIDE=`.,;:!?]}>"'”’»…،؟。、`;var allowed=address=>/^(https?:\/\/|mailto:|tel:)[^\0- ]+$/i.test(address);var blank=words2=>!/[^\s\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f]/.test(words2);var pieces=words2=>{const found=[];let plain2=0;for(const{0:word,index}of words2.matchAll(/\S+/g)){const[start,shown,address]=link(word);if(!address)continue;if(plain2<index+start)found.push([words2.
slice(plain2,index+start)]);found.push([shown,address]);plain2=index+start+shown.length}if(plain2<words2.length)found.push([words2.slice(plain2)]);return found};var link=word=>{const before=/^((?:(?!:\/\/).)*?)https?:\/\//i.exec(word)?.[1]??/^[([{<"'“‘«¿]*/.exec(word)[0];const start=before.length;const outside=OUTSIDE+(word.indexOf("(",start)<0?")":"");let end=word.length;while(end>start&&outside.
includes(word[end-1]))end--;const shown=word.slice(start,end);return[start,shown,allowed(shown)?shown:bare(shown)]};var bare=shown=>{const[,name,host,path]=/^(?:([^@]*)@)?([^/?#]*)(.*)/.exec(shown);if(!/^([a-z\d-]+\.)+[a-z]{2,}$/i.test(host))return;if(name!=null)return!path&&/^[\w.+-]+$/.test(name)&&"mailto:"+shown;return(path||host.startsWith("www."))&&"https://"+shown};var initials=name=>{const letters=name.
trim().split(/\s+/).map(word=>[...word][0]??"");const[first]=letters;const last=letters.length>1?letters.at(-1):"";return first<"֐"&&last<"֐"?first+last:first};var emojiOnly=words2=>{const bare2=words2.trim().replace(/[\u{1f3fb}-\u{1f3ff}\ufe0f\u200d \u{e0020}-\u{e007f}]/gu,"");return/^[\u{1f000}-\u{1faff}\u2600-\u27bf\u2b05-\u2b55\u231a-\u23ff]{1,6}$/u.test(bare2)};var COMPOSER=`footer #composer
 textarea #input rows=1 autocomplete=off enterkeyhint=send @placeholder=write @aria-label=write
 button #send @aria-label=send hidden
  svg d=M10,16V4M5,9l5-5,5,5`;var TALLEST=6*22+14;var composer=({composer:composer2,input,send})=>{const document2=input.ownerDocument;let revision;const usable=()=>!composer2.hidden&&!input.disabled;const grow=()=>{input.style.height="auto";const height=input.scrollHeight;input.style.height=Math.min(height,TALLEST)+"px";input.toggleAttribute("data-tall",height>TALLEST);const text=input.value;input.
dir=text&&"auto";send.hidden=!usable()||blank(text)};const set=text=>{input.value=text;grow()};return{usable,grow,draw({status,writable,draft,draftRevision}){composer2.hidden=status=="ended";input.disabled=!writable;if(revision===draftRevision)return;revision=draftRevision;if(input.value!=draft)input.value=draft;grow();input.scrollTop=TALLEST*100},take(){const text=input.value;if(blank(text)||!usable())
return;set("");input.focus();return text},wipe(){const held=input.matches(":focus")&&document2.hasFocus();revision=null;set("");composer2.prepend(input);if(held)input.focus()}}};var SVG="http://www.w3.org/2000/svg";var make=(document2,tag)=>{const element=document2.createElementNS(tag=="svg"?SVG:"http://www.w3.org/1999/xhtml",tag);if(tag=="button")element.type=tag;return element};var build=(document2,words2,drawing)=>{const open=[];for(const line of drawing.split("\n")){const depth=line.search(/\S/);const[tag,...marks]=line.slice(depth).split(" ");const element=make(document2,
tag);for(const mark of marks){const[name,value=""]=mark.split("=");const rest=name.slice(1);const set=(name2,value2)=>element.setAttribute(name2,value2);if(name=="d"){const path=document2.createElementNS(SVG,"path");path.setAttribute("d",value);set("viewBox","0 0 20 20");set("aria-hidden","true");element.append(path)}else if(mark[0]==".")set("class",rest);else if(mark[0]=="#")set("data-part",rest);else if(mark[0]!=
"@")set(name,value);else if(rest)set(rest,words2[value]);else element.textContent=words2[value]}open[depth]=element;open[depth-1]?.append(element)}return open[0]};var say=(element,text)=>{if(element.textContent!=text)element.textContent=text};var fill=(element,name,picture,person)=>{const letters=initials(name);element.textContent=person?letters:[...letters][0]??"";const sum=new TextEncoder().encode(name).reduce((sum2,byte)=>sum2+byte,0);element.dataset.tint=person?(sum+1)%3:0;if(!allowed(picture))return;const image=make(element.ownerDocument,"img");image.alt="";image.referrerPolicy="no-referrer";image.src=picture;element.append(image)};var DAY=864e5;var LAST=864e13;var midnight=at=>new Date(at).setHours(0,0,0,0);var clock=(locale,words2)=>{const format=option2=>{try{return new Intl.DateTimeFormat(locale,option2)}catch{return new Intl.DateTimeFormat(void 0,option2)}};const time=format({timeStyle:"short"});const weekday=format({weekday:"long"});const date=format({dateStyle:"long"});let start=0;let end=0;const day=at=>{at=Math.min(
at,LAST);if(at<start||at>=end){start=midnight(at);end=midnight(start+1.5*DAY)}return start};return{day,time:at=>time.format(Math.min(at,LAST)),dayName(at){const start2=day(at);const today=midnight(Date.now());if(start2==today)return words2.today;if(start2==midnight(today-DAY/2))return words2.yesterday;return(start2<today&&start2>today-6.5*DAY?weekday:date).format(Math.min(start2+DAY/2,LAST))}}};var EN={title:"Support chat",brand:"Chat with us",messages:"Messages",write:"Write a message",send:"Send",close:"Minimise chat",menu:"More options",endChat:"End chat",agent:"Support",you:"You",online:"Online",onlineReplies:"Online, replies in {time}",replies:"Replies in {time}",finding:"Finding someone for you",reconnecting:"Reconnecting…",offline:"You’re offline",unavailable:"Not available ri\
ght now",ended:"Chat ended",bannerReconnecting:"Reconnecting… your messages are kept.",bannerOffline:"You’re offline. Your messages are kept.",bannerRefused:"The chat can’t be reached right now.",bannerCookies:"The chat needs a cookie that your browser blocks. Please allow it and try again.",bannerLong:"This message is too long. It can have 4,000 characters.",bannerFull:"Too many messages ar\
e waiting to be sent. Please try again later.",tryAgain:"Try again",delete:"Delete",notSent:"Not sent",queued:"Waiting to send",sending:"Sending",sent:"Sent",delivered:"Delivered",read:"Read",today:"Today",yesterday:"Yesterday",newMessages:"New messages",typing:"{name} is typing",joined:"{name} joined the chat",left:"{name} left the chat",visitorLeft:"You left the chat",unsupported:"This message c\
an’t be shown here",emptyTitle:"Hello, how can we help?",emptyText:"Write to us here and we’ll reply as soon as we can.",endedTitle:"This chat has ended",endedText:"You can still read it here, or start a new one.",startNew:"Start a new chat",jump:"Jump to latest",jumpUnread:"Jump to latest, {count} new",loading:"Loading messages"};var texts=own=>Object.fromEntries(Object.entries(Object(own)).filter(
([,text])=>typeof text=="string"));var table=own=>({...EN,...texts(own)});var fill2=(words2,value)=>words2.replace(/\{[^{}]*|\}/g,part=>part=="}"?"":value);var ROW=`div
 div .day
 div .marker
 div
  div .name
  div .line
   span .face aria-hidden=true
   span .vh
   div .bubble data-part=text dir=auto
  div .meta`;var FAILED2=`span .failed
 svg .s d=M10,6.5v4m0,2.8v.01M10,2.8a7.2,7.2,0,1,0,0,14.4,7.2,7.2,0,0,0,0-14.4
 b @=notSent
 i
 button #retry @=tryAgain
 i
 button #discard @=delete`;var READ2="svg .ticks d=m1.5,11,3.3,3.3L12,6m-1.8,8.3L17.5,6";var WAITING="svg .s d=M10,6v4.2l2.8,1.6M10,2.8a7.2,7.2,0,1,0,0,14.4,7.2,7.2,0,0,0,0-14.4";var called=({name},words2)=>name||words2.agent;var notice=(item,words2)=>item.kind=="notice"?item.text:fill2(words2[item.own&&item.kind=="left"?"visitorLeft":item.kind],`⁨${called(item,words2)}⁩`);var rows=(document2,words2,locale)=>{
const[row,failed2,read2,waiting]=[ROW,FAILED2,READ2,WAITING].map(drawing=>build(document2,words2,drawing));const{day,dayName,time}=clock(locale,words2);const write=(bubble,{kind,text})=>bubble.replaceChildren(...(kind=="text"?pieces(text):[[text,allowed(text)&&text]]).map(([text2,address])=>{if(!address)return text2;const link2=make(document2,"a");link2.textContent=text2;link2.href=address;link2.target=
"_blank";link2.rel="noopener noreferrer";return link2}));const delivery=({status,at},{newest,last},connected)=>{if(status=="failed")return[failed2.cloneNode(true)];const queued=status=="queued";const waits=newest&&(queued||status=="sending");const parts=[];if(last&&!waits)parts.push(time(at));if(newest)parts.push(words2[waits&&!connected?"queued":queued?"sending":status]);return[waits&&waiting.cloneNode(
true),parts.join(" · "),newest&&status=="read"&&read2.cloneNode(true)].filter(Boolean)};const made=(key,fresh)=>{const element=row.cloneNode(true);const[days,marker,body,name,,face,who,bubble,meta]=element.querySelectorAll("*");let drawn;let old;const draw=(item,revision,is,connected)=>{const now=JSON.stringify([revision,is,connected]);if(now==drawn)return;drawn=now;say(days,is.day?dayName(item.at):
"");say(marker,is.marked?words2.newMessages:"");if(is.notice){body.dataset.part="notice";element.className=is.notice;say(bubble,notice(item,words2));return}const{id,own,kind,text,avatar,status}=item;const lost=status=="failed";const fails=lost&&(old?old.status!=status:fresh);Object.assign(body.dataset,{part:"message",id,role:own?"visitor":"agent",status});const{first,last,above,below}=is;const classes={
first,last,above,below,own,lost,large:!lost&&kind=="text"&&emojiOnly(text),in:fresh};element.className=Object.keys(classes).filter(name2=>classes[name2]).join(" ");const speaker=called(item,words2);const named=!own&&first;say(name,named?speaker:"");say(who,named?"":(own?words2.you:speaker)+": ");if(old?.kind!=kind||old.text!=text)write(bubble,item);bubble.lang=locale;old=item;if(!own&&last)fill(face,
speaker,avatar,true);else face.textContent="";meta.replaceChildren(...delivery(item,is,connected));return fails};return{key,element,draw}};return{day,made}};var HEADER=`header
 div .who #mark
 div .title
  h1 #name
  p #status
 button .icon #menu @aria-label=menu aria-haspopup=menu aria-expanded=false hidden
  svg .more d=M4.5,10h.01M10,10h.01M15.5,10h.01
 button .icon #close @aria-label=close
  svg d=M4.5,7.5,10,13l5.5-5.5
 div .menu #menu-list role=menu @aria-label=menu hidden
  button #end-chat role=menuitem tabindex=-1
   svg d=M12,3.5H4.5v13H12M9,10h8m-3-3,3,3-3,3
   span @=endChat`;var BANNER=`div role=status
 div .banner #banner hidden
  svg d=M16,10a6,6,0,1,1-1.8-4.3L16.5,8m0-4.2V8h-4.2
  span #banner-text
  button #reconnect @=tryAgain`;var header=(part,words2,brand)=>{const{mark,name,status,menu,banner,"menu-list":list}=part;let shown;const open=wanted=>{list.hidden=!wanted;menu.setAttribute("aria-expanded",wanted)};const closeMenu=back=>{if(list.hidden)return false;open(false);if(back)menu.focus();return true};const line=({status:status2,banner:banner2,agent})=>{if(status2=="ended")return words2.
ended;if(banner2=="Reconnecting")return words2.reconnecting;if(banner2)return banner2=="Offline"?words2.offline:words2.unavailable;if(status2=="queued")return words2.finding;if(brand.replyTime!=null)return fill2(agent?words2.onlineReplies:words2.replies,brand.replyTime);return agent?words2.online:""};return{closeMenu,toggleMenu(){if(closeMenu(true))return;open(true);part["end-chat"].focus()},draw(view){
const{agent}=view;const who=agent?called(agent,words2):brand.name||"";const face=agent?agent.avatar:brand.avatarUrl;if(shown!=who+"\n"+face){shown=who+"\n"+face;mark.className=agent?"who":"who brand";fill(mark,who,face,agent)}say(name,who||words2.brand);say(status,line(view));mark.dataset.presence=!agent||view.status=="ended"?"":view.banner?"lost":"here";menu.hidden=view.status!="queued"&&view.status!=
"active";if(menu.hidden)closeMenu();const kind=view.unsent||view.banner;banner.hidden=!kind;banner.dataset.kind=kind.toLowerCase();part.reconnect.hidden=kind!="Refused"&&kind!="Cookies";say(part["banner-text"],words2["banner"+kind]??"")},wipe(){shown=null;mark.textContent=mark.dataset.presence=name.textContent=status.textContent="";closeMenu()}}};var ALWAYS="all:initial;position:fixed;display:block;box-sizing:border-box;border:0;overflow:hidden;outline:1px solid transparent;letter-spacing:.12em;word-spacing:.16em;line-height:1.5";var phone=()=>innerWidth<480;var frame=(namespace,title,{position,offset})=>{const element=make(document,"iframe");element.dataset.supportChat=namespace;element.title=title;element.style.cssText="display:none!impo\
rtant";document.documentElement.append(element);const inner=element.contentDocument;const side2=position=="left"?position:"right";const[x,y]=["x","y"].map(axis=>Number.isInteger(offset?.[axis])?offset[axis]:20);let outside={surface:"#ffffff",radius:"16px"};let zIndex=0;let open=false;let calm;let drawn;let lock;let before;const place=()=>{const{dark,surface,radius}=outside;const seen=window.visualViewport;
const under=seen?.scale==1?innerHeight-seen.height-seen.offsetTop|0:0;const where=phone()?`left:0;width:100%;padding:env(safe-area-inset-top) 0 env(safe-area-inset-bottom);top:${seen?.offsetTop|0}px;height:${seen?(seen.height|0)+"px":"100%"}`:`${side2}:calc(${x}px + env(safe-area-inset-${side2}));width:384px;height:640px;`+(under>99?`bottom:${under}px;max-height:${seen.height|0}px`:`bottom:calc(${y+
68}px + env(safe-area-inset-bottom));max-height:calc(100vh - ${y+88}px);max-height:calc(100dvh - ${y+88}px)`)+`;border-radius:${radius};box-shadow:`+(dark?"0 0 0 1px #2f343d,0 16px 40px -8px rgb(0 0 0/.5)":"0 0 0 1px rgb(16 22 34/.06),0 2px 6px rgb(16 22 34/.05),0 20px 48px -12px rgb(16 22 34/.22)");const moving="180ms cubic-bezier(.2,.8,.2,1)";const state=open?calm?"transition:opacity 120ms":`tra\
nsition:transform ${moving},opacity ${moving}`:"opacity:0;visibility:hidden;pointer-events:none;"+(calm?"transition:":"transform:scale(.96);transition:transform 120ms,")+"opacity 120ms,visibility 0s 120ms";const css2=`${ALWAYS};color-scheme:${dark?"dark":"light"};background:${surface};z-index:${zIndex};transform-origin:bottom ${side2};${where};${state};`;if(drawn!=css2){drawn=css2;element.style.cssText=
css2.replaceAll(";","!important;")}hold(open&&phone())};const hold=wanted=>{const{style}=document.documentElement;if(wanted&&!lock){lock=[style.overflow,style.getPropertyPriority("overflow")];style.setProperty("overflow","hidden","important")}else if(!wanted&&lock){style.setProperty("overflow",...lock);lock=null}};const leave=()=>open||document.activeElement!=element||before?.focus({preventScroll:true});
return{element,document:inner,window:element.contentWindow,place,intact:()=>element.contentDocument==inner&&inner.body?.firstChild,dress(given){outside=given;place()},colour(value){drawn="";for(const colour of["transparent",value])element.style.setProperty("background-color",colour,"important");return getComputedStyle(element).backgroundColor},show(wanted,still,index){calm=still;zIndex=index;if(wanted&&
!open){for(let root=document;root?.activeElement;root=before.shadowRoot)before=root.activeElement;place();element.offsetHeight}open=wanted;place();leave()},remove(){open=false;hold();leave();element.remove()}}};var SHEET=`
:root {
  color-scheme: light;
  --sc-accent: #1f6feb; --sc-on-accent: #fff; --sc-accent-hover: #1a63d6; --sc-accent-text: #1a5fcf;
  --sc-accent-soft: #eaf1fe; --sc-accent-line: #b3cefa;
  --sc-surface: #fff; --sc-surface-raised: #fff; --sc-surface-sunken: #f6f7f9;
  --sc-hover: rgb(19 23 31/.055); --sc-text: #14171c; --sc-text-muted: #59616e;
  --sc-border: #e5e7eb; --sc-border-strong: #8a929f;
  --sc-bubble-visitor: var(--sc-accent); --sc-on-visitor: var(--sc-on-accent); --sc-bubble-agent: #f2f3f5;
  --sc-danger: #c4262e; --sc-danger-soft: #fdf1f1; --sc-danger-line: #f0c4c5;
  --sc-success: #1c8552; --sc-warn-text: #6f4a00; --sc-warn-soft: #fdf4df; --sc-warn-line: #f1dfb4;
  --sc-pop: 0 0 0 1px rgb(16 22 34/.07),0 1px 3px rgb(16 22 34/.06),0 10px 28px -6px rgb(16 22 34/.2);
  --sc-card: 0 1px 2px rgb(16 22 34/.04);
  --sc-radius: 16px; --sc-font: system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;
  --one: #e6f4ec; --on-one: #14683f; --two: #faeee2; --on-two: #8a4b10;
}
:root[data-mode=dark] {
  color-scheme: dark;
  --sc-accent-text: #7db0ff; --sc-accent-soft: #1b2b47; --sc-accent-line: #34507d;
  --sc-surface: #16181d; --sc-surface-raised: #1d2026; --sc-surface-sunken: #111317;
  --sc-hover: rgb(255 255 255/.07); --sc-text: #eceef1; --sc-text-muted: #a1a9b5;
  --sc-border: #2b3038; --sc-border-strong: #6f7886; --sc-bubble-agent: #262a32;
  --sc-danger: #ff8a8a; --sc-danger-soft: #2c1c1f; --sc-danger-line: #5e3337;
  --sc-success: #3fbf7f; --sc-warn-text: #f0cd84; --sc-warn-soft: #2a2418; --sc-warn-line: #4a3f26;
  --sc-pop: 0 0 0 1px #343a44,0 8px 20px -4px rgb(0 0 0/.5); --sc-card: none;
  --one: #1a3327; --on-one: #7fd4a8; --two: #38291b; --on-two: #f0b27a;
}

*, ::before, ::after { box-sizing: border-box; margin: 0; padding: 0; }
html, body { height: 100%; overflow: hidden; }
body, button, textarea { font: 400 15px/22px var(--sc-font); color: inherit; letter-spacing: inherit; }
body { background: var(--sc-surface); color: var(--sc-text); -webkit-text-size-adjust: 100%; text-size-adjust: 100%; -webkit-font-smoothing: antialiased; }
[hidden] { display: none!important; }
[data-concealed] main, [data-concealed] footer, [data-concealed] header { visibility: hidden; }
button { border: 0; background: none; cursor: pointer; touch-action: manipulation; -webkit-tap-highlight-color: transparent; }
i, b { font-style: normal; font-weight: inherit; }
h1 { font: 600 15px/20px var(--sc-font); letter-spacing: -.006em; }
h2 { font: 600 16px/22px var(--sc-font); letter-spacing: -.01em; }
[dir=rtl] * { letter-spacing: 0; }
svg { width: 20px; height: 20px; flex: none; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round; display: block; }
svg.s { width: 14px; height: 14px; stroke-width: 2.1; }
.more { stroke-width: 3; }
.ticks { width: 16px; height: 16px; stroke-width: 2; color: var(--sc-accent-text); }
:focus-visible { outline: 2px solid var(--sc-accent-text); outline-offset: 2px; }
.vh { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.panel { display: flex; flex-direction: column; height: 100%; position: relative; }

header { flex: none; display: flex; align-items: center; height: 64px; padding: 0 12px 0 16px; position: relative; z-index: 3; }
[dir=rtl] header { padding: 0 16px 0 12px; }
.title { flex: 1; min-width: 0; margin-inline: 12px 8px; }
.title * { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.title p { font-size: 13px; line-height: 18px; color: var(--sc-text-muted); }
.title p:empty { display: none; }
.icon { width: 36px; height: 36px; border-radius: 10px; display: grid; place-items: center; color: var(--sc-text-muted); transition: background .1s; }
.icon + .icon { margin-inline-start: 4px; }
.icon[aria-expanded=true] { background: var(--sc-hover); color: var(--sc-text); }

.who, .face { position: relative; flex: none; display: grid; place-items: center; border-radius: 50%; background: var(--sc-accent-soft); color: var(--sc-accent-text); font-weight: 600; text-transform: uppercase; }
.who { width: 36px; height: 36px; font-size: 13px; }
.face { width: 28px; height: 28px; font-size: 11px; line-height: 16px; }
[data-tint="1"] { background: var(--one); color: var(--on-one); }
[data-tint="2"] { background: var(--two); color: var(--on-two); }
.brand { border-radius: 10px; background: var(--sc-text); color: var(--sc-surface); font-size: 17px; }
.brand:empty { display: none; }
.brand:empty + .title { margin-inline-start: 0; }
.who img, .face img { position: absolute; width: 100%; height: 100%; object-fit: cover; border-radius: inherit; background: var(--sc-surface); }
.who::after { position: absolute; inset-inline-end: -2px; bottom: -2px; width: 12px; height: 12px; border: 2px solid var(--sc-surface); border-radius: 50%; }
[data-presence=here]::after { content: ""; background: var(--sc-success); }
[data-presence=lost]::after { content: ""; background: radial-gradient(var(--sc-surface) 2.2px,var(--sc-border-strong) 2.8px); }

.menu { position: absolute; top: 56px; inset-inline-end: 12px; width: 232px; padding: 6px; border-radius: calc(var(--sc-radius) - 2px); background: var(--sc-surface-raised); box-shadow: var(--sc-pop); }
.menu button { display: flex; align-items: center; gap: 12px; width: 100%; min-height: 40px; padding: 0 10px; border-radius: 8px; text-align: start; color: var(--sc-danger); }
.menu button:focus-visible { outline-offset: -2px; }

[role=status] { position: relative; z-index: 2; }
.banner { position: absolute; inset-inline: 12px; top: 0; display: flex; align-items: center; gap: 8px; min-height: 34px; padding: 7px 12px; border: 1px solid var(--sc-warn-line); border-radius: calc(var(--sc-radius) - 6px); background: var(--sc-warn-soft); color: var(--sc-warn-text); font-size: 13px; line-height: 18px; animation: fade .12s; }
.banner svg { width: 16px; height: 16px; stroke-width: 2; }
[data-kind=full] svg, [data-kind=long] svg { display: none; }
.banner span { flex: 1; }
.banner button { font: 500 13px/18px var(--sc-font); text-decoration: underline; text-underline-offset: 3px; padding: 3px 4px; margin: -3px -4px; border-radius: 6px; }

main { flex: 1; min-height: 0; position: relative; display: flex; flex-direction: column; }
[data-part=transcript]::before { content: ""; flex: none; position: sticky; top: -8px; height: 20px; margin: -8px -16px -12px; z-index: 1; background: linear-gradient(var(--sc-surface),transparent); pointer-events: none; opacity: 0; }
[data-part=transcript][data-under]::before { opacity: 1; }
[data-part=transcript] { flex: 1; min-height: 0; display: flex; flex-direction: column; overflow: hidden auto; overscroll-behavior: contain; overflow-anchor: none; scrollbar-width: thin; scrollbar-color: var(--sc-border-strong) transparent; padding: 8px 16px 16px; position: relative; }
[data-part=transcript]:focus-visible { outline-offset: -2px; border-radius: 6px; }
[data-part=list] { flex: none; margin-top: auto; container-type: inline-size; position: relative; }
[data-part=empty] { padding-top: 8px; }
[data-part=empty] h2 { font-size: 22px; line-height: 28px; letter-spacing: -.018em; }
[data-part=empty] p { color: var(--sc-text-muted); margin-top: 4px; text-wrap: pretty; }

.day, .marker, .notice [data-part] { font-size: 12px; line-height: 16px; text-align: center; color: var(--sc-text-muted); }
.day, .marker { font-weight: 500; padding: 16px 0; }
.day:empty, .marker:empty, .name:empty, .meta:empty, .face:empty, .vh:empty, .silent > :last-child { display: none; }
.silent > * { padding-bottom: 0; }
.day:not(:empty) + .marker { padding-top: 0; }
.marker { display: flex; align-items: center; gap: 12px; color: var(--sc-accent-text); }
.marker::before, .marker::after { content: ""; flex: 1; height: 1px; background: var(--sc-accent-line); }
.notice { padding-top: 16px; }
.first [data-part=message] { padding-top: 16px; }
.day:not(:empty) ~ [data-part], .marker:not(:empty) ~ [data-part] { padding-top: 0; }
[data-part=message] { padding-top: 2px; }
.name { font: 500 12px/16px var(--sc-font); color: var(--sc-text-muted); padding-inline: 38px 0; margin-bottom: 4px; overflow-wrap: anywhere; }
.line { display: flex; align-items: flex-end; padding-inline-start: 36px; position: relative; }
.line .face { position: absolute; inset-inline-start: 0; bottom: 0; }
.bubble { max-width: 78cqi; padding: 8px 14px; border-radius: calc(var(--sc-radius) + 2px); background: var(--sc-bubble-agent); white-space: pre-wrap; overflow-wrap: anywhere; text-align: start; }
.above:not(.own) .bubble { border-start-start-radius: 5px; }
.below:not(.own) .bubble { border-end-start-radius: 5px; }
.bubble a { color: var(--sc-accent-text); text-decoration: underline 1px; text-underline-offset: 3px; unicode-bidi: isolate; border-radius: 3px; }
.meta { font-size: 12px; line-height: 16px; color: var(--sc-text-muted); font-variant-numeric: tabular-nums; margin-top: 4px; padding-inline: 39px 2px; display: flex; align-items: center; gap: 5px; }
.own .line { justify-content: flex-end; padding: 0; }
.own .meta { justify-content: flex-end; }
.own .bubble { background: var(--sc-bubble-visitor); color: var(--sc-on-visitor); }
.own .bubble a { color: inherit; }
.own.above .bubble { border-start-end-radius: 5px; }
.own.below .bubble { border-end-end-radius: 5px; }
.lost .bubble { background: var(--sc-danger-soft); color: var(--sc-text); box-shadow: inset 0 0 0 1px var(--sc-danger-line); }
.lost .bubble a { color: var(--sc-accent-text); }
.notice .line { padding: 0; justify-content: center; }
.notice .bubble { max-width: none; padding: 0 24px; background: none; white-space: pre-line; unicode-bidi: plaintext; text-align: center; }
.large .bubble { background: none; padding: 0; font-size: 44px; line-height: 52px; }
.failed { display: flex; flex-wrap: wrap; justify-content: flex-end; align-items: center; gap: 4px; font-weight: 500; color: var(--sc-danger); }
.failed i::before { content: "·"; color: var(--sc-text-muted); }
.failed button { font: inherit; color: var(--sc-accent-text); padding: 4px 0; margin: -4px 0; border-radius: 4px; position: relative; }
.in [data-part] { animation: rise .14s; }

[data-part=typing] { flex: none; display: flex; align-items: flex-end; gap: 8px; padding-top: 16px; animation: fade .12s; }
[data-part=typing] .dots { display: flex; gap: 4px; padding: 16px 14px; border-radius: calc(var(--sc-radius) + 2px); background: var(--sc-bubble-agent); }
.dots i { width: 6px; height: 6px; border-radius: 50%; background: var(--sc-text-muted); animation: dot 1.2s infinite; }
.dots i:nth-child(2) { animation-delay: .16s; }
.dots i:nth-child(3) { animation-delay: .32s; }

[data-part=loading] { margin-top: auto; display: grid; gap: 2px; animation: fade .12s .3s backwards; }
[data-part=loading] i { width: 216px; height: 38px; margin-inline-start: 36px; border-radius: calc(var(--sc-radius) + 2px); background: var(--sc-bubble-agent); }
[data-part=loading] i:nth-child(2) { width: 168px; }
[data-part=loading] i:nth-child(3) { width: 144px; margin: 14px 0 14px auto; }
[dir=rtl] [data-part=loading] i:nth-child(3) { margin: 14px auto 14px 0; }
[data-part=loading] i:nth-child(4) { width: 240px; height: 60px; }

.card { flex: none; margin-top: 16px; padding: 16px; border: 1px solid var(--sc-border); border-radius: calc(var(--sc-radius) - 2px); background: var(--sc-surface-raised); box-shadow: var(--sc-card); }
.card p { font-size: 14px; line-height: 20px; color: var(--sc-text-muted); margin-top: 2px; }
.main { width: 100%; min-height: 40px; margin-top: 16px; padding: 8px 16px; border-radius: calc(var(--sc-radius) - 6px); background: var(--sc-accent); color: var(--sc-on-accent); font-weight: 500; line-height: 20px; transition: background .1s; }

[data-part=jump] { position: absolute; z-index: 1; bottom: 12px; inset-inline-end: 16px; width: 40px; height: 40px; border-radius: 50%; display: grid; place-items: center; background: var(--sc-surface-raised); box-shadow: var(--sc-pop); animation: fade .12s; }
.count { position: absolute; top: -6px; inset-inline-end: -6px; min-width: 20px; padding: 0 5px; border-radius: 10px; background: var(--sc-accent); color: var(--sc-on-accent); font: 600 12px/20px var(--sc-font); }
.count:empty { display: none; }

footer { flex: none; display: flex; align-items: flex-end; padding: 7px 8px 8px; border-top: 1px solid var(--sc-border); min-height: 52px; }
textarea { flex: 1; min-width: 0; height: 36px; padding: 7px 6px 7px 10px; border: 0; outline: 0!important; background: none; resize: none; overflow: hidden; caret-color: var(--sc-accent-text); overflow-wrap: anywhere; }
textarea[data-tall] { overflow-y: auto; }
textarea::placeholder { color: var(--sc-text-muted); opacity: 1; }
[data-part=send] { flex: none; width: 36px; height: 36px; margin-inline-start: 8px; border-radius: 50%; display: grid; place-items: center; background: var(--sc-accent); color: var(--sc-on-accent); transition: background .1s; animation: pop .12s; }

@media (hover: hover) {
  .icon:hover, .menu button:hover { background: var(--sc-hover); }
  .main:hover, [data-part=send]:hover { background: var(--sc-accent-hover); }
  .failed button:hover { text-decoration: underline; text-underline-offset: 3px; }
}
.icon:active { background: var(--sc-hover); }
.main:active, [data-part=send]:active { background: var(--sc-accent-hover); }

@media (max-width: 383px), (pointer: coarse) {
  header { padding-inline-end: 8px; }
}
@media (pointer: coarse) {
  textarea { font-size: 16px; padding-block: 11px; }
  footer { padding-block: 5px 6px; }
  .icon, [data-part=jump] { width: 44px; height: 44px; }
  .icon + .icon { margin: 0; }
  .main, .menu button { min-height: 44px; }
  .failed button { padding: 14px 4px; margin: -14px -4px; }
  .banner button { padding: 13px 8px; margin: -13px -8px; }
  [data-part=send] { width: 44px; height: 44px; border: 4px solid var(--sc-surface); margin: 0; }
}

@keyframes fade { from { opacity: 0; } }
@keyframes rise { from { opacity: 0; transform: translateY(4px); } }
@keyframes pop { from { opacity: 0; transform: scale(.8); } }
@keyframes dot { 0%, 60%, 100% { opacity: .35; } 30% { opacity: 1; } }
@media (prefers-reduced-motion: reduce) {
  .in [data-part], [data-part=send] { animation-name: fade; animation-duration: .12s; }
}
@media (forced-colors: active) {
  .bubble, .card, .menu, .banner, .icon, .who, .face, .dots, [data-part=jump] { border: 1px solid; }
  .own .bubble { border-width: 2px; }
  .notice .bubble, .large .bubble { border: 0; }
  .main, [data-part=send] { forced-color-adjust: none; background: Highlight; color: HighlightText; }
  .dots i, [data-presence=here]::after { forced-color-adjust: none; background: CanvasText; }
}
@media print {
  header, footer, .banner, [data-part=jump], .failed button, .failed i { display: none; }
  html, body, .panel, [data-part=transcript] { height: auto; overflow: visible; }
}
`;var WHITE=[255,255,255];var BLACK=[0,0,0];var INK=[20,23,28];var parse2=text=>{const parts=/^rgb\((\d+), (\d+), (\d+)\)$/.exec(text);return parts&&parts.slice(1).map(Number)};var css=colour=>"#"+colour.map(part=>(part+256).toString(16).slice(1)).join("");var mix=(colour,other,percent)=>colour.map((part,i)=>(part*(100-percent)+other[i]*percent+50)/100|0);var contrast=(one,other)=>{const[a,b]=[one,other].
map(colour=>{const part=i=>{const c=colour[i]/255;return c>.04045?((c+.055)/1.055)**2.4:c/12.92};return .2126*part(0)+.7152*part(1)+.0722*part(2)+.05});return a>b?a/b:b/a};var textOn=ground=>[WHITE,INK].find(text=>contrast(ground,text)>=4.5)??BLACK;var away=ground=>textOn(ground)==WHITE?WHITE:BLACK;var legibleOn=(colour,grounds,least=4.5)=>{for(let share=0;;share+=4){const text=mix(colour,away(grounds[0]),
share);if(share>=100||grounds.every(ground=>contrast(ground,text)>=least))return text}};var read=text=>{try{const theme=JSON.parse(text);return typeof theme=="string"?{mode:theme}:theme}catch{}};var FREE=/Line|Sunken|^(border|hover|badge|radius|font)$/;var apply=(given,systemDark,root,computed,log)=>{const{mode,...theme}=Object(read(given));const{style}=root;style.cssText="";const sheet=getComputedStyle(
root);const set=(name,value)=>style.setProperty("--sc-"+name,value);const own={};for(const key of Object.keys(theme)){const name=key.replace(/[A-Z]/g,"-$&").toLowerCase();const value=typeof theme[key]=="string"?theme[key]:theme[key]+"px";if(FREE.test(key))set(name,value);else if(!(own[name]=parse2(computed(value))))log("theme: no opaque colour to compute with in `"+key+"`")}const{surface,accent}=own;
const dark=surface?away(surface)==WHITE:mode=="dark"||mode!="light"&&systemDark;root.dataset.mode=dark?"dark":"light";const now=name=>sheet.getPropertyValue("--sc-"+name);if(Object.keys(theme)[0]){const far=dark?WHITE:BLACK;const base=name=>parse2(computed(now(name)));const put=(name,made,grounds2,least)=>{let colour=own[name]??made??base(name);if(grounds2)colour=legibleOn(colour,grounds2,least);set(
name,css(colour));return colour};const fill3=put("accent");const wall=put("surface");const grounds=[wall];const ground=(name,made)=>{if(contrast(own[name]??made??base(name),far)<4.5){if(own[name])log("theme: no text is legible both on the surface and on "+name);own[name]=null;made=base(name)??wall}grounds.push(put(name,made))};ground("surface-raised",surface);ground("bubble-agent",surface&&mix(wall,
far,7));ground("danger-soft");ground("accent-soft",(accent??surface)&&mix(fill3,wall,dark?78:90));if(theme.hover){const[r,g,b,share=1]=computed(theme.hover).match(/[\d.]+/g);set("hover","");own.hover=mix(wall,[r,g,b],share*100);ground("hover")}for(const name of["text","text-muted","danger"])put(name,null,grounds);put("accent-text",accent,grounds);put("warn-text",null,[put("warn-soft")]);for(const name of[
"success","border-strong"])put(name,null,[wall],3);const words2=put("on-accent",textOn(fill3),[fill3]);const bubble=put("bubble-visitor");put("on-visitor",own["bubble-visitor"]?textOn(bubble):words2);put("accent-hover",accent&&mix(accent,away(words2),10),[words2]);if(accent&&!theme.accentLine)put("accent-line",mix(accent,wall,66))}return{dark,surface:now("surface"),radius:style.getPropertyValue("-\
-sc-radius")||"16px"}};var GUESS=56;var heightsOf=()=>{let keys=[];let heights=[];return{keys:()=>keys,sync(next){let same=0;while(same<next.length&&next[same]==keys[same])same++;const old=new Map;for(let at=same;at<keys.length;at++)old.set(keys[at],heights[at]);heights.length=same;for(let at=same;at<next.length;at++)heights.push(old.get(next[at])??GUESS);keys=next;return same},measured:(at,height)=>heights[at]=height,height(start,end=heights.
length){let sum=0;for(;start<end;start++)sum+=heights[start];return sum},within(low,high){let start;let edge=0;let at=0;for(;at<heights.length&&edge<high;at++){edge+=heights[at];if(edge>low)start??=at}return[start??at,at]}}};var GROUP=18e4;var spoken=({kind})=>kind=="text"||kind=="url";var together=(one,next)=>(one.own?next.own:!next.own&&one.who==next.who&&one.name==next.name)&&spoken(one)&&spoken(next)&&Math.abs(one.at-next.at)<=GROUP;var joined=(one,next)=>one.status!="failed"&&next.status!="failed";var shape=(before,item,next,marked,nextMarked,newest,day)=>{const first=!before||day(item.at)>day(before.at);if(!spoken(
item))return{day:first,marked,notice:item.kind=="joined"&&item.own?"silent":"notice"};const up=!first&&!marked&&together(before,item);const down=next&&!nextMarked&&together(item,next)&&day(next.at)<=day(item.at);return{day:first,marked,first:!up,last:!down,above:up&&joined(before,item),below:down&&joined(item,next),newest}};var TRANSCRIPT=`main
 div #transcript role=log aria-live=off tabindex=0 @aria-label=messages
  div #empty hidden
   h2 @=emptyTitle
   p @=emptyText
  div #loading role=img @aria-label=loading hidden
   i
   i
   i
   i
  div #list
  div #typing hidden
   span .face #face aria-hidden=true
   span .vh #typist
   span .dots
    i
    i
    i
  section .card #ended hidden
   h2 @=endedTitle
   p @=endedText
   button .main #start-new @=startNew
 button #jump hidden
  svg d=M10,4v12m-5-5,5,5,5-5
  span .count #jump-count aria-hidden=true
 div .vh #live aria-live=polite`;var MARGIN=400;var NEAR=24;var ALOUD=3;var transcript=(part,words2,locale)=>{const{transcript:scroller,list,jump,typing,live}=part;const document2=scroller.ownerDocument;const{day,made}=rows(document2,words2,locale);const[above,below]=[make(document2,"div"),make(document2,"div")];list.append(above,below);const{keys,sync,measured,height,within}=heightsOf();let rows2=[];
let from=0;let generation;let pinned=true;let top=0;let marker;let typist;let said2="";let hush;const place=()=>scroller.scrollTop|0;function*put(view,start,end,arrived){const items=[];for(let at=start-1;at<=end;at++)items.push(yield*view.item(at));const wanted=keys().slice(start,end);const old=rows2.filter(row=>wanted.includes(row.key)||row.element.remove());let last=above;from=start;rows2=Array.
from(wanted,(key,i)=>{const at=start+i;const found=old.findIndex(row2=>row2.key==key);const row=found<0?made(key,at>=arrived):old.splice(found,1)[0];if(found)last.after(row.element);const[before,item,next]=items.slice(i,i+3);const is=shape(before,item,next,key==view.marker,keys()[at+1]==view.marker,at==view.newest,day);if(row.draw(item,view.revision(at),is,view.connected))said2=words2.notSent+"\n";
last=row.element;return row})}const measure=()=>{rows2.forEach(({element},i)=>measured(from+i,element.offsetHeight));above.style.height=height(0,from)+"px";below.style.height=height(from+rows2.length)+"px"};const anchor=()=>{for(const{key,element}of rows2){const edge=list.offsetTop+element.offsetTop-place();if(edge+element.offsetHeight>0)return[key,edge]}};function*drawRows(view,arrived,held){const seen=scroller.
clientHeight;for(let round=0;round<3;round++){const end=pinned?height(0):place()+seen+MARGIN;const[start,stop]=within(pinned?end-seen-MARGIN:place()-MARGIN,end);if(round&&from<=start&&from+rows2.length>=stop)break;yield*put(view,start,stop,arrived);measure();const row=!pinned&&held&&rows2.find(({key})=>key==held[0]);if(row)scrollTo(list.offsetTop+row.element.offsetTop-held[1]);else follow()}}function*findMarker(view){
const at=keys().indexOf(marker);if(at<0||!pinned||height(at)<=scroller.clientHeight)return;pinned=false;scrollTo(height(0,at));yield*drawRows(view,keys().length,[marker,NEAR])}const speak=text=>{const window2=document2.defaultView;window2.clearTimeout(hush);live.textContent=text;hush=window2.setTimeout(()=>live.textContent="",3e3)};const drawTyping=({typing:party})=>{typing.hidden=!party;const name=party&&
called(party,words2);if(party&&name!=typist){speak(part.typist.textContent=fill2(words2.typing,name));fill(part.face,name,party.avatar,true)}typist=name};const drawJump=({unread})=>{const count=unread>9?"9+":unread||"";jump.hidden=pinned;jump.setAttribute("aria-label",fill2(words2[count?"jumpUnread":"jump"],count));say(part["jump-count"],count)};function*sayNew(view,arrived){for(let at=Math.max(arrived,
keys().length-ALOUD);at<keys().length;at++){const item=yield*view.item(at);if(item.own)continue;const spoken2=item.kind=="text"||item.kind=="url";said2+=(spoken2?called(item,words2)+": "+item.text:notice(item,words2))+"\n"}}const follow=()=>pinned&&scrollTo(scroller.scrollHeight);const scrollTo=to=>{if(to!=place())scroller.scrollTop=to;went(place())};const went=to=>{top=to;scroller.toggleAttribute(
"data-under",to>8)};const clear=()=>{for(const{element}of rows2)element.remove();rows2=[];sync([]);from=top=0;measure();generation=marker=typist=void 0;pinned=true;typing.hidden=true;for(const name of["typist","live","jump-count","face"])part[name].textContent=""};return{clear,follow,atEnd:()=>pinned,*draw(view){const other=generation!=view.generation;if(other)clear();generation=view.generation;const held=pinned?
null:anchor();const known=keys().length;const stayed=sync(view.keys);const count=keys().length;const arrived=other||!known&&count>1?count:stayed;const ended=view.status=="ended";const ends=ended&&part.ended.hidden&&!other;part.empty.hidden=count||view.loading||ended;part.loading.hidden=count||!view.loading;part.ended.hidden=!ended;drawTyping(view);yield*drawRows(view,arrived,held);if(marker!=view.
marker){marker=view.marker;yield*findMarker(view)}yield*sayNew(view,arrived);if(ends)said2+=words2.endedTitle;if(said2)speak(said2);said2="";drawJump(view)},scrolled(){const to=place();const seen=scroller.clientHeight;if(scroller.scrollHeight-seen-to<=NEAR)pinned=true;else if(to<top)pinned=false;jump.hidden=pinned;went(to);const end=from+rows2.length;const reach=MARGIN/4;return from&&to-reach<height(
0,from)||end<keys().length&&to+seen+reach>height(0,end)},pin(){pinned=true;jump.hidden=true;follow()}}};var SAYS={close:"c","end-chat":"e","start-new":"n",reconnect:"o",retry:"r",discard:"x"};var RTL=/^(ar|arc|ckb|dv|fa|he|iw|ks|ps|sd|ug|ur|yi)(-|$)/;var readParty=party=>party&&{name:party[0],avatar:party[1]};var readItem=([id,own,kind,text,name,avatar,who,at,status])=>({id,own,kind,text,name,avatar,who,at,status});var panel=(given,act)=>{const{namespace,locale,messages,brand,launcher}=JSON.parse(given);
const words2=table(messages);const end=new AbortController;const dark=matchMedia("(prefers-color-scheme:dark)");const calm=matchMedia("(prefers-reduced-motion:reduce)");let parts;let open=false;let focus;let concealed=false;let drawing;let read2=new Map;const hear=(target,...kinds)=>{for(const kind of kinds)target.addEventListener(kind,heard,{capture:true,signal:parts?.end.signal??end.signal})};const make2=()=>{
const iframe=frame(namespace,words2.title,Object(launcher));const{document:document2,window:window2}=iframe;parts={iframe,end:new AbortController};const root=parts.root=document2.documentElement;document2.title=words2.title;root.lang=messages?locale:"en";root.dir=RTL.test(locale)?"rtl":"ltr";const sheet=new window2.CSSStyleSheet;sheet.replaceSync(SHEET);document2.adoptedStyleSheets=[sheet];const element=build(
document2,words2,"div .panel");element.append(...[HEADER,BANNER,TRANSCRIPT,COMPOSER].map(drawing2=>build(document2,words2,drawing2)));document2.body.append(element);hear(document2,"click","input","keydown","scroll","error");hear(window2,"resize");hear(iframe.element,"load");const part={};for(const element2 of document2.querySelectorAll("[data-part]"))part[element2.dataset.part]=element2;part.input.
lang=locale;veil();Object.assign(parts,{part,header:header(part,words2,texts(brand)),transcript:transcript(part,words2,locale),composer:composer(part)})};const veil=()=>parts.root.toggleAttribute("data-concealed",concealed);const discard=()=>{parts?.end.abort();parts?.iframe.remove();parts=null};function*draw(view){if(parts&&!parts.iframe.intact())discard();open=view.open;if(open&&!parts){try{make2()}catch{
discard();act("lthis browser lacks what the panel is drawn with")}}if(!parts)return;const{iframe,header:header2,transcript:transcript2,composer:composer2,part,root}=parts;iframe.show(open,calm.matches,view.zIndex);if(!open){header2.closeMenu();parts.told=null;return}const dress=[view.themeRevision,dark.matches].join();if(parts.dress!=dress){parts.dress=dress;iframe.dress(apply(view.theme,dark.matches,
root,iframe.colour,line=>act("l"+line)))}const held=document.activeElement==iframe.element&&iframe.document.activeElement;const listed2=part.list.contains(held||null);header2.draw(view);composer2.draw(view);yield*transcript2.draw(view);if(parts.told!=transcript2.atEnd())queueMicrotask(turn);if(held&&(held.disabled||!held.getClientRects().length))focusMain(!listed2&&!phone());if(focus)takeFocus()}const viewOf=(text,list)=>{
const[open2,zIndex,theme,themeRevision,generation,status,agent,typing,unread,marker,draft,draftRevision,banner,unsent,loading,writable,connected,newest]=JSON.parse(text);const keys=list.subarray(0,list.length/2);const revision=at=>list[keys.length+at];const known=read2;read2=new Map;function*item(at){const key=keys[at];if(key==null)return;let found=read2.get(key)??known.get(key);if(found?.[0]!==revision(
at))found=[revision(at),readItem(JSON.parse(yield at))];read2.set(key,found);return found[1]}return{open:open2,zIndex,theme,themeRevision,generation,status,unread,marker,draft,draftRevision,banner,unsent,loading,writable,connected,newest,agent:readParty(agent),typing:readParty(typing),keys,revision,item}};const turn=()=>{if(parts&&!parts.iframe.intact()){discard();if(open)act("w")}const atEnd=parts?.
transcript.atEnd();if(open&&parts&&parts.told!=atEnd){parts.told=atEnd;act(atEnd?"b":"u")}};const focusMain=wanted=>{const{composer:composer2,part}=parts;(wanted&&composer2.usable()?part.input:part.ended.hidden?part.transcript:part["start-new"]).focus()};const takeFocus=()=>{focus=false;parts.iframe.element.focus();focusMain(!phone())};const send=()=>{const text=parts.composer.take();if(text==null)
return;parts.transcript.pin();act("s"+text)};const clicked=target=>{const{header:header2,transcript:transcript2}=parts;const button=target.closest?.("button");const name=button?.dataset.part;if(name=="menu")return header2.toggleMenu();header2.closeMenu(name=="end-chat");if(name=="send")send();else if(name=="jump"){transcript2.pin();focusMain()}else if(name in SAYS){const id=button.closest("[data-i\
d]")?.dataset.id??"";if(id)focusMain(true);if(name=="start-new")focus=true;act(SAYS[name]+id)}};const pressed=event=>{const{header:header2}=parts;const{key}=event;const name=event.target.dataset?.part;if(event.isComposing||event.keyCode==229)return;if(key=="Escape"){event.preventDefault();if(!header2.closeMenu(true))act("c")}else if(key=="Enter"&&name=="input"&&!event.shiftKey){event.preventDefault();
send()}else if(key=="ArrowDown"&&name=="menu"){event.preventDefault();header2.toggleMenu()}else if(/^(Arrow(Down|Up)|Home|End)$/.test(key)&&name=="end-chat"){event.preventDefault()}else if(key=="End"&&name!="input"){event.preventDefault();parts.transcript.pin()}else if(key=="Tab")header2.closeMenu()};const heard=event=>{const{type,target}=event;let redraw;if(parts){const{iframe,transcript:transcript2,
composer:composer2,part}=parts;if(type=="click")clicked(target);else if(type=="keydown")pressed(event);else if(type=="input"){composer2.grow();transcript2.follow();act("d"+part.input.value)}else if(type=="error")target.remove();else if(type=="change"||type=="load")redraw=true;else{iframe.place();if(type=="resize")transcript2.follow();redraw=type=="resize"||transcript2.scrolled()}}turn();if(redraw&&
open)act("w")};const watch=new MutationObserver(turn);hear(dark,"change");hear(window,"resize");if(window.visualViewport)hear(visualViewport,"resize","scroll");watch.observe(document.documentElement,{childList:true});const commands={wipe(){read2.clear();if(!parts)return;parts.header.wipe();parts.transcript.clear();parts.composer.wipe();parts.told=null},conceal(){concealed=true;if(!parts)return;const{
iframe,part}=parts;parts.focused=document.activeElement==iframe.element&&iframe.document.activeElement;part.live.textContent="";veil()},reveal(){concealed=false;if(!parts)return;veil();const{iframe,focused}=parts;if(focused&&document.activeElement==iframe.element)focused.focus({preventScroll:true})},focus(){focus=true;if(open&&parts)takeFocus()},remove(){end.abort();watch.disconnect();open=false;discard()}};
return{tell:command=>commands[command](),draw(text,list){if(end.signal.aborted)return-1;try{drawing??=draw(viewOf(text,list.slice()));const{value,done}=drawing.next(text);if(!done)return value}catch(error){act("l"+error)}drawing=null;return-1},remove:commands.remove}};export{about,ask,failure,hearing,json,kept,member,panel,parse,said,shell,side,store,teardown,tell,transport,words};
