//! Compiles the parser that `tree-sitter generate` wrote.

fn main() {
    let parser = "src/parser.c";
    println!("cargo:rerun-if-changed={parser}");
    // Its tables are large and its code is small.
    cc::Build::new().std("c11").include("src").file(parser).opt_level(1).warnings(false).compile("tree-sitter-bpol");
}
