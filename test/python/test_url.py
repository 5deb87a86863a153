"""Prefix and path, as IIS, nginx and Apache tell them."""

import unittest

import support  # noqa: F401
from zoourl import cut_prefix, path_of, query_of, split_url

ROOT = {'APPL_MD_PATH': '/LM/W3SVC/1/ROOT'}
SHOP = {'APPL_MD_PATH': '/LM/W3SVC/1/ROOT/shop'}


def iis(url, **more):
    """IIS puts the whole URL into SCRIPT_NAME and PATH_INFO."""
    path = path_of(url)
    return dict({'SCRIPT_NAME': path, 'PATH_INFO': path, 'UNENCODED_URL': url, 'REQUEST_URI': url}, **more)


class Iis(unittest.TestCase):
    cases = (
        (iis('/', **ROOT), ('', '/')),
        (iis('/a/b?c=d', **ROOT), ('', '/a/b')),
        (iis('/shop', **SHOP), ('/shop', '')),
        (iis('/shop/', **SHOP), ('/shop', '/')),
        (iis('/shop/cart', **SHOP), ('/shop', '/cart')),
        (iis('/SHOP/Cart', **SHOP), ('/SHOP', '/Cart')),
        (iis('/shopping', **SHOP), ('', '/shopping')),
        (iis('/a/b/c', APPL_MD_PATH='/LM/W3SVC/2/Root/a/b'), ('/a/b', '/c')),
        (iis('/caf%C3%A9', **ROOT), ('', '/caf\xc3\xa9')),
        (iis('/a%2Fb%20c', **ROOT), ('', '/a/b c')),
        (iis('/l%C3%A4den/x', APPL_MD_PATH='/LM/W3SVC/1/ROOT/l\xc3\xa4den'), ('/l\xc3\xa4den', '/x')),
        (iis('/l%C3%A4den/x', APPL_MD_PATH='/LM/W3SVC/1/ROOT/l\xe4den'), ('/l\xc3\xa4den', '/x')),
        (iis('http://host:8080/a?b', **ROOT), ('', '/a')),
        (iis('/x', APPL_VIRTUAL_PATH=''), ('', '/x')),
        (iis('/app/x', APPL_VIRTUAL_PATH='/app'), ('/app', '/x')),
    )

    def test_cases(self):
        for given, wanted in self.cases:
            self.assertEqual(split_url(given, None), wanted, given)

    def test_letters_that_the_code_page_lost_come_from_the_url(self):
        given = {'PATH_INFO': '/?', 'SCRIPT_NAME': '/?', 'UNENCODED_URL': '/%E6%97%A5', **ROOT}
        self.assertEqual(split_url(given, None), ('', '/\xe6\x97\xa5'))

    def test_a_rewritten_url_falls_back_to_what_it_became(self):
        given = {'PATH_INFO': '/shop/x', 'SCRIPT_NAME': '/shop/x', 'UNENCODED_URL': '/old/x', **SHOP}
        self.assertEqual(split_url(given, None), ('/shop', '/x'))

    def test_without_metabase_path_the_whole_is_the_path(self):
        given = iis('/a/b', SERVER_SOFTWARE='Microsoft-IIS/10.0')
        self.assertEqual(split_url(given, None), ('', '/a/b'))
        self.assertEqual(split_url({**given, 'SERVER_SOFTWARE': 'else'}, None), ('', '/a/b'))


class OtherServers(unittest.TestCase):
    cases = (
        # nginx as it is by default: the whole path as SCRIPT_NAME, no PATH_INFO.
        ({'SCRIPT_NAME': '/a/b', 'REQUEST_URI': '/a/b?c'}, ('', '/a/b')),
        # Told by an administrator.
        ({'SCRIPT_NAME': '/shop', 'PATH_INFO': '/a', 'REQUEST_URI': '/shop/a'}, ('/shop', '/a')),
        ({'SCRIPT_NAME': '/shop', 'PATH_INFO': '', 'REQUEST_URI': '/shop'}, ('/shop', '')),
        ({'SCRIPT_NAME': '/shop/', 'PATH_INFO': '/a', 'REQUEST_URI': '/shop/a'}, ('/shop', '/a')),
        ({'SCRIPT_NAME': '', 'PATH_INFO': '/a b', 'REQUEST_URI': '/a%20b'}, ('', '/a b')),
        ({'SCRIPT_NAME': '', 'PATH_INFO': '', 'REQUEST_URI': '/'}, ('', '/')),
        ({'SCRIPT_NAME': '/shop', 'REQUEST_URI': '/shop/a/b'}, ('/shop', '/a/b')),
        ({'SCRIPT_NAME': '/a', 'PATH_INFO': '/a', 'REQUEST_URI': '/a/a'}, ('/a', '/a')),
        # A path that was rewritten is believed.
        ({'SCRIPT_NAME': '', 'PATH_INFO': '/cut', 'REQUEST_URI': '/outside/cut'}, ('', '/cut')),
        ({'SCRIPT_NAME': '', 'PATH_INFO': 'a', 'REQUEST_URI': '/a'}, ('', '/a')),
        ({'REQUEST_URI': '*'}, ('', '/')),
        ({}, ('', '/')),
    )

    def test_cases(self):
        for given, wanted in self.cases:
            self.assertEqual(split_url(given, None), wanted, given)

    def test_what_the_site_is_told_wins(self):
        given = {'SCRIPT_NAME': '/a/b', 'REQUEST_URI': '/a/b'}
        self.assertEqual(split_url(given, '/a'), ('/a', '/b'))
        self.assertEqual(split_url(given, 'a/'), ('/a', '/b'))
        self.assertEqual(split_url(given, '/elsewhere'), ('', '/a/b'))
        self.assertEqual(split_url(given, ''), ('', '/a/b'))

    def test_script_and_path_are_the_whole_path(self):
        for prefix in ('', '/a', '/a/b', '/a/b/c', '/x'):
            for path in ('/', '/a', '/a/', '/a/b/', '/a//b', '/aa'):
                script, rest = split_url({'REQUEST_URI': path}, prefix)
                self.assertEqual(script + rest, path)
                self.assertTrue(script or rest)


class Parts(unittest.TestCase):
    def test_query(self):
        self.assertEqual(query_of('/a?b=1?2'), 'b=1?2')
        self.assertEqual(query_of('/a'), '')

    def test_a_query_with_an_address_is_no_scheme(self):
        self.assertEqual(path_of('/login?next=http://x/y'), '/login')

    def test_cut_needs_a_border(self):
        self.assertIsNone(cut_prefix('/shopping', '/shop'))
        self.assertIsNone(cut_prefix('shop/a', '/shop'))
        self.assertEqual(cut_prefix('/shop//a', '/shop'), ('/shop', '//a'))


if __name__ == '__main__':
    unittest.main()
