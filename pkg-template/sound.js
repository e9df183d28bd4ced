// The sound of a message: two short tones that the browser makes itself; no file, nothing a policy could forbid. When it
// is to be heard, and in which tab, the module knows.

const TONES = [660, 880]; // Hz, one after the other
const LENGTH = 0.14; // s, each
const LOUD = 0.08; // of 1

/** Silent on a page nobody has touched yet: browsers refuse it there, and say so in the console. */
export const sound = () => {
  if (!navigator.userActivation?.hasBeenActive) return;
  try {
    const audio = new AudioContext();
    TONES.forEach((pitch, place) => {
      const from = audio.currentTime + place * LENGTH;
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(LOUD, from);
      volume.gain.linearRampToValueAtTime(0, from + LENGTH);
      tone.connect(volume).connect(audio.destination);
      tone.onended = () => place && audio.close();
      tone.start(from);
      tone.stop(from + LENGTH);
    });
  } catch {} // no device, or too many at once: a chat is not worth an error here
};
