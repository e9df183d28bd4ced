//! The order of the functions in the wasm file. Brotli says a repeated byte more cheaply the nearer its first copy lies, so each function
//! is followed by the one that has most in common with it. What the functions do, and every other section, stays as it was.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{CodeSectionReader, FunctionSectionReader, Parser, Payload, TypeRef};

use crate::project::Project;
use crate::size;

/// Bytes of code taken together when two functions are compared: about one instruction with its place. Of 3 to 6 the best.
const PIECE: usize = 4;

/// Puts the functions of a wasm file into the order that compresses best, of several that are worth a try.
pub fn run(project: &Project, wasm: &Path) -> Result<()> {
    let bytes = std::fs::read(wasm).with_context(|| wasm.display().to_string())?;
    let (imported, bodies) = functions(&bytes)?;
    let mut tried = Vec::new();
    for quarter in 0..4 {
        for (fades, more) in WAYS {
            let mut module = Module::new();
            let order = chain(&bodies, bodies.len() * quarter / 4, fades, more);
            utils::parse_core_module(&mut Renumber::new(imported, order), &mut module, Parser::new(0), &bytes)
                .map_err(|error| anyhow!("{}: {error}", wasm.display()))?;
            let path = wasm.with_extension(format!("{}.wasm", tried.len()));
            std::fs::write(&path, module.finish()).with_context(|| path.display().to_string())?;
            tried.push(path);
        }
    }
    let sizes = size::weigh(project, &tried)?;
    let best = (0..tried.len()).min_by_key(|one| sizes[*one][1]).context("no order was tried")?;
    let ordered = std::fs::read(&tried[best])?;
    for path in &tried {
        std::fs::remove_file(path)?;
    }
    wasmparser::validate(&ordered).context("the ordered module is not valid")?;
    std::fs::write(wasm, ordered).with_context(|| wasm.display().to_string())
}

/// How many functions are imported (their numbers come first), and the bytes of the others.
fn functions(bytes: &[u8]) -> Result<(u32, Vec<&[u8]>)> {
    let mut imported = 0;
    let mut bodies = Vec::new();
    for payload in Parser::new(0).parse_all(bytes) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(&bytes[body.range()]),
            _ => {}
        }
    }
    Ok((imported, bodies))
}

/// With each function what was said before counts less by the first, until it is said again; and each function counts so many
/// bytes more than it has, or the shortest would win with a single piece in common. Which is best for a module, and with which
/// function to begin, only trying tells: they differ by a few hundred bytes.
const WAYS: [(f64, usize); 6] = [(0.8, 8), (0.8, 16), (0.85, 8), (0.85, 16), (0.9, 8), (0.9, 16)];

/// What is left of a piece so many functions later.
fn faded_by(functions: usize, fades: f64) -> f64 {
    (0..functions.min(100)).fold(1.0, |left, _| left * fades)
}

/// From the `first` function always on to the one of which those before it have said the greatest part.
fn chain(bodies: &[&[u8]], first: usize, fades: f64, more: usize) -> Vec<usize> {
    // Sorted: a sum of fractions depends on their order, and the same sources are to give the same file.
    let pieces: Vec<BTreeSet<&[u8]>> = bodies.iter().map(|body| body.windows(PIECE).collect()).collect();
    let mut holders: HashMap<&[u8], Vec<usize>> = HashMap::new();
    for (function, pieces) in pieces.iter().enumerate() {
        for piece in pieces {
            holders.entry(piece).or_default().push(function);
        }
    }
    let mut left: Vec<usize> = (0..bodies.len()).collect();
    let mut order = Vec::with_capacity(bodies.len());
    let mut said = vec![0.0; bodies.len()];
    let mut last_said: HashMap<&[u8], usize> = HashMap::new();
    let mut place = first;
    while !left.is_empty() {
        let present = left.remove(place);
        order.push(present);
        let now = order.len();
        said.iter_mut().for_each(|said| *said *= fades);
        for piece in &pieces[present] {
            let faded = last_said.insert(piece, now).map_or(0.0, |then| faded_by(now - then, fades));
            for holder in &holders[piece] {
                said[*holder] += 1.0 - faded;
            }
        }
        let share = |function: usize| said[function] / (pieces[function].len() + more) as f64;
        // Of equals the first, so that the same sources give the same file.
        place = 0;
        for candidate in 1..left.len() {
            if share(left[candidate]) > share(left[place]) {
                place = candidate;
            }
        }
    }
    order
}

/// Writes the module anew with its functions in another order.
struct Renumber {
    /// How many functions are imported: they keep their numbers.
    imported: u32,
    /// The old place of each function, by its new one.
    old: Vec<usize>,
    /// The new place of each function, by its old one.
    new: Vec<u32>,
}

impl Renumber {
    fn new(imported: u32, old: Vec<usize>) -> Self {
        let mut new = vec![0; old.len()];
        for (place, before) in (0..).zip(&old) {
            new[*before] = place;
        }
        Self { imported, old, new }
    }
}

impl Reencode for Renumber {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, index: u32) -> Result<u32, Error<Self::Error>> {
        let Some(own) = index.checked_sub(self.imported) else { return Ok(index) };
        Ok(self.imported + self.new[own as usize])
    }

    fn parse_function_section(
        &mut self,
        out: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        let types = section.into_iter().collect::<wasmparser::Result<Vec<u32>>>()?;
        for old in &self.old {
            out.function(types[*old]);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        out: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        let bodies = section.into_iter().collect::<wasmparser::Result<Vec<_>>>()?;
        for old in self.old.clone() {
            self.parse_function_body(out, bodies[old].clone())?;
        }
        Ok(())
    }
}
