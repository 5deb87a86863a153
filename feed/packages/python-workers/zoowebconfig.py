"""The site's variables in web.config, in any of the three forms.

Comes in: a site's folder. Goes out: the form and the variables in order, not expanded. Refuses to know: what they
mean, and every other part of the file.

Forms: `httpplatform` has <httpPlatform><environmentVariables>, `zoo` (Helicon Zoo 2 and 3) has
<heliconZoo><application><environmentVariables>, `fastcgi` has <appSettings>.
"""

import os
import xml.etree.ElementTree as ElementTree
from typing import List, NamedTuple, Optional, Tuple
from xml.etree.ElementTree import Element

Pairs = List[Tuple[str, str]]


class WebConfigError(Exception):
    """web.config cannot be read; the message names the file and the line."""


class WebConfig(NamedTuple):
    """`form` is empty when no section of ours is there."""

    form: str
    variables: Pairs


def read_web_config(folder: str) -> WebConfig:
    """What the folder's web.config says; nothing when there is none. Raises WebConfigError."""
    path = _find(folder)
    if path is None:
        return WebConfig('', [])
    try:
        root = ElementTree.parse(path).getroot()
    except ElementTree.ParseError as error:
        raise WebConfigError("'%s' is not well-formed XML: %s" % (path, error)) from error
    except (OSError, ValueError, LookupError) as error:
        raise WebConfigError("'%s' cannot be read: %s" % (path, error)) from error
    return _read(root)


def _find(folder: str) -> Optional[str]:
    try:
        names = os.listdir(folder)
    except OSError as error:
        raise WebConfigError("the site's folder '%s' cannot be read: %s" % (folder, error.strerror)) from error
    found = sorted(name for name in names if name.lower() == 'web.config')
    return os.path.join(folder, found[0]) if found else None


def _read(root: Element) -> WebConfig:
    scopes = [root] + [child for child in root if _name(child) == 'location' and child.get('path', '.') in ('', '.')]
    handlers = [
        handler.get('name', '')
        for scope in scopes
        for section in _inside(scope, 'system.webServer', 'handlers')
        for handler in section
        if _name(handler) == 'add'
    ]
    for scope in scopes:
        sections = _inside(scope, 'system.webServer', 'httpPlatform', 'environmentVariables')
        if sections:
            return WebConfig('httpplatform', _pairs(sections, 'environmentVariable', 'name'))
    for scope in scopes:
        applications = _inside(scope, 'system.webServer', 'heliconZoo', 'application')
        if applications:
            sections = _inside(_choose(applications, handlers), 'environmentVariables')
            return WebConfig('zoo', _pairs(sections, 'add', 'name'))
    for scope in scopes:
        sections = _inside(scope, 'appSettings')
        if sections:
            return WebConfig('fastcgi', _pairs(sections, 'add', 'key'))
    return WebConfig('', [])


def _choose(applications: List[Element], handlers: List[str]) -> Element:
    """Of several applications the one that the first handler names: `name#suffix`, or its whole name in old files."""
    for handler in handlers:
        for application in applications:
            if application.get('name', '').lower() in (handler.lower(), handler.partition('#')[0].lower()):
                return application
    return applications[0]


def _pairs(sections: List[Element], element: str, key: str) -> Pairs:
    pairs: Pairs = []
    for child in (child for section in sections for child in section):
        name = child.get(key, '')
        if _name(child) == 'clear':
            pairs = []
        elif _name(child) == 'remove':
            pairs = [pair for pair in pairs if pair[0].lower() != name.lower()]
        elif _name(child) == element and name:
            pairs.append((name, child.get('value', '')))
    return pairs


def _inside(parent: Element, *names: str) -> List[Element]:
    """All elements reached through children of these names. `system.webServer` is looked for in full."""
    found = [parent]
    for name in names:
        found = [child for element in found for child in element if _name(child) == name]
    return found


def _name(element: Element) -> str:
    """The local name; comments have none."""
    return element.tag.rpartition('}')[2] if isinstance(element.tag, str) else ''
