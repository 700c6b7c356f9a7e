"""The server as a process, driven by a client of others with what real editors say of themselves."""

import asyncio
import os
import pathlib

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

SERVER = os.environ["BPOL_LSP"]
TEXT = """\
timezone "Europe/Amsterdam";
account "Groceries" is iban NL20INGB0001234567;
payee "Landlord" is NL91ABNA0417164300;

/// Pays the rent.
key "rent" <
  allow create payment on account "Groceries" to payee "Landlord" up to 900 EUR per month;
>

ensure key "rent" cannot create payment;
"""


@pytest_lsp.fixture(
    params=["visual-studio-code", "neovim", "emacs"],
    config=ClientServerConfig(server_command=[SERVER]),
)
async def client(request, lsp_client: LanguageClient, tmp_path: pathlib.Path):
    (tmp_path / "rent.bpol").write_text(TEXT)
    (tmp_path / "broken.bpol").write_text('key "b" < allow nonsense; >\n')
    # What the server asks of an editor, which pytest-lsp leaves to its users.
    for method in (
        types.CLIENT_REGISTER_CAPABILITY,
        types.WORKSPACE_CODE_LENS_REFRESH,
        types.WORKSPACE_INLAY_HINT_REFRESH,
    ):
        lsp_client.feature(method)(lambda *_: None)
    await lsp_client.initialize_session(
        types.InitializeParams(
            capabilities=client_capabilities(request.param),
            workspace_folders=[types.WorkspaceFolder(uri=tmp_path.as_uri(), name="policies")],
        )
    )
    lsp_client.uri = (tmp_path / "rent.bpol").as_uri()
    yield
    await lsp_client.shutdown_session()


def opened(client: LanguageClient, text: str = TEXT) -> None:
    document = types.TextDocumentItem(uri=client.uri, language_id="bpol", version=1, text=text)
    client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=document))


async def names(client: LanguageClient) -> list[str]:
    """The findings of the document, pulled where the client pulls, else as they come."""
    pulls = client.capabilities is not None and client.capabilities.text_document.diagnostic is not None
    if pulls:
        asked = types.DocumentDiagnosticParams(text_document=types.TextDocumentIdentifier(uri=client.uri))
        report = await client.text_document_diagnostic_async(asked)
        return [str(found.code) for found in report.items]
    for _ in range(100):
        if client.uri in client.diagnostics:
            return [str(found.code) for found in client.diagnostics[client.uri]]
        await asyncio.sleep(0.05)
    raise AssertionError("no findings came")


@pytest.mark.asyncio
async def test_a_session(client: LanguageClient):
    opened(client)
    assert "refuted-claim" in await names(client)

    here = types.TextDocumentIdentifier(uri=client.uri)
    hover = await client.text_document_hover_async(
        types.HoverParams(text_document=here, position=types.Position(line=6, character=9))
    )
    assert "payment" in str(hover.contents)

    place = types.Position(line=6, character=40)
    found = await client.text_document_definition_async(types.DefinitionParams(text_document=here, position=place))
    assert "rent.bpol" in str(found)

    listed = await client.text_document_completion_async(
        types.CompletionParams(text_document=here, position=types.Position(line=6, character=8))
    )
    items = listed if isinstance(listed, list) else listed.items
    assert any(item.label.startswith("create") for item in items), [item.label for item in items][:20]

    # The claim is corrected by an edit within one line.
    change = types.TextDocumentContentChangePartial(
        range=types.Range(start=types.Position(line=9, character=39), end=types.Position(line=9, character=39)),
        text=" over 900 EUR",
    )
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            text_document=types.VersionedTextDocumentIdentifier(uri=client.uri, version=2), content_changes=[change]
        )
    )
    for _ in range(100):
        if "refuted-claim" not in await names(client):
            break
        await asyncio.sleep(0.05)
    else:
        raise AssertionError("the finding stayed")

    symbols = await client.text_document_document_symbol_async(types.DocumentSymbolParams(text_document=here))
    assert any(symbol.name == "rent" for symbol in symbols)
