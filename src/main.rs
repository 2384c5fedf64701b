//! The program `assay`: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    assay::cli::main(std::env::args_os())
}
