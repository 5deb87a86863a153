"""Where the application begins in a URL.

Comes in: the server's parameters and the prefix that the site is known by. Goes out: SCRIPT_NAME and PATH_INFO as
PEP 3333 wants them: percent-decoded bytes as latin-1, never both empty. Refuses to know: requests and sites.
"""

from typing import Iterator, Mapping, Optional, Tuple
from urllib.parse import unquote_to_bytes

# IIS gives the metabase path of an application: /LM/W3SVC/1/ROOT/shop; what follows ROOT is its prefix.
_METABASE_ROOT = '/root'


def split_url(parameters: Mapping[str, str], prefix: Optional[str]) -> Tuple[str, str]:
    """SCRIPT_NAME and PATH_INFO of a request.

    `prefix` is what the site itself is told (`django.root`, the handler's application path); without it IIS's
    parameters tell, then the server's own SCRIPT_NAME, when it is one: IIS puts the whole URL there, nginx and Apache
    do so unless they are told otherwise.
    """
    if prefix is None:
        prefix = _iis_prefix(parameters)
    if prefix is None and 'PATH_INFO' in parameters and not _is_iis(parameters):
        given = _given_by_server(parameters)
        if given is not None:
            return _never_empty(*given)
    if prefix is None:
        prefix = _shorter_script_name(parameters)
    paths = list(_paths(parameters)) or ['/']
    for path in paths:
        cut = cut_prefix(path, prefix)
        if cut is not None:
            return _never_empty(*cut)
    return _never_empty('', paths[0])


def cut_prefix(path: str, prefix: str) -> Optional[Tuple[str, str]]:
    """`path` parted after `prefix`, or None when it does not begin with it. Cuts between segments only; letters' case
    does not matter, as on IIS, and the URL keeps its own spelling. `path` is latin-1 text of bytes, `prefix` is
    ordinary text or such."""
    wanted = prefix.strip('/')
    if not wanted:
        return '', path
    segments = wanted.split('/')
    parts = path.split('/')
    if len(parts) <= len(segments) or parts[0]:
        return None
    head, rest = parts[1 : len(segments) + 1], parts[len(segments) + 1 :]
    if any(_fold(mine) != _fold(theirs) for mine, theirs in zip(segments, head)):
        return None
    return '/' + '/'.join(head), ''.join('/' + part for part in rest)


def path_of(url: str) -> str:
    """The percent-decoded path of a request's URL (origin or absolute form) as latin-1 text."""
    scheme, separator, rest = url.partition('://')
    if separator and '/' not in scheme and '?' not in scheme:
        url = '/' + rest.partition('/')[2]
    path = url.partition('?')[0]
    return unquote_to_bytes(path.encode('latin-1', 'replace')).decode('latin-1')


def query_of(url: str) -> str:
    """What follows the question mark of a URL, as it stands."""
    return url.partition('?')[2]


def _paths(parameters: Mapping[str, str]) -> Iterator[str]:
    """The request's whole path, the most faithful source first: IIS loses letters in PATH_INFO that its code page
    does not have."""
    for name in ('UNENCODED_URL', 'REQUEST_URI'):
        if parameters.get(name):
            path = path_of(parameters[name])
            yield path if path.startswith('/') else '/'
    for name in ('PATH_INFO', 'SCRIPT_NAME'):
        if parameters.get(name, '').startswith('/'):
            yield parameters[name]


def _is_iis(parameters: Mapping[str, str]) -> bool:
    return 'APPL_MD_PATH' in parameters or parameters.get('SERVER_SOFTWARE', '').startswith('Microsoft-IIS')


def _iis_prefix(parameters: Mapping[str, str]) -> Optional[str]:
    metabase = parameters.get('APPL_MD_PATH', '')
    position = metabase.lower().find(_METABASE_ROOT)
    if position >= 0:
        return metabase[position + len(_METABASE_ROOT) :]
    return parameters.get('APPL_VIRTUAL_PATH')


def _given_by_server(parameters: Mapping[str, str]) -> Optional[Tuple[str, str]]:
    """SCRIPT_NAME and PATH_INFO as a server gave both, or None when it gave the whole URL twice."""
    script, path = parameters.get('SCRIPT_NAME', '').rstrip('/'), parameters['PATH_INFO']
    if script and script == path and path_of(parameters.get('REQUEST_URI', '')) != script + path:
        return None
    if path and not path.startswith('/'):
        path = '/' + path
    return script, path


def _shorter_script_name(parameters: Mapping[str, str]) -> str:
    """A SCRIPT_NAME that came without PATH_INFO is a prefix only if it is less than the whole path."""
    script = parameters.get('SCRIPT_NAME', '').rstrip('/')
    whole = path_of(parameters.get('REQUEST_URI', ''))
    return script if whole != script and whole.startswith(script + '/') else ''


def _never_empty(script: str, path: str) -> Tuple[str, str]:
    return script, path or ('' if script else '/')


def _fold(text: str) -> str:
    """For comparison: text may be ordinary or UTF-8 bytes decoded as latin-1."""
    try:
        return text.encode('latin-1').decode('utf-8').casefold()
    except UnicodeError:
        return text.casefold()
