//! `bpolc completions`, `bpolc lsp`

use super::Directory;

#[test]
fn every_shell_gets_its_script() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = Directory::new().run(&["completions", shell]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{shell}");
        assert!(ran.out.contains("bpolc") && ran.out.contains("decide"), "{shell}");
    }
}

/// The program that these tests were built with may or may not have its server beside it.
#[test]
fn the_server_is_started_from_beside_the_compiler() {
    let directory = Directory::new();
    let alone = directory.path("bpolc");
    std::fs::copy(env!("CARGO_BIN_EXE_bpolc"), &alone).unwrap();
    let run = || run_when_free(&alone);
    let output = run();
    assert_eq!(output.status.code(), Some(2));
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(err.contains("install bpol-lsp beside bpolc"), "{err}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        directory.write("bpol-lsp", "#!/bin/sh\necho served; exit 7\n");
        std::fs::set_permissions(directory.path("bpol-lsp"), std::fs::Permissions::from_mode(0o755)).unwrap();
        let output = run();
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(7), &b"served\n"[..]));
    }
}

/// Runs `bpolc lsp`. A file just written may still be held open by a process that another test is about to start.
fn run_when_free(program: &std::path::Path) -> std::process::Output {
    loop {
        match std::process::Command::new(program).arg("lsp").output() {
            Err(error) if error.kind() == std::io::ErrorKind::ExecutableFileBusy => {}
            Ok(output) if String::from_utf8_lossy(&output.stderr).contains("busy") => {}
            output => return output.unwrap(),
        }
        std::thread::yield_now();
    }
}
