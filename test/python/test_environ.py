"""The environ: what reaches the application, and what must not."""

import os
import unittest
from io import BytesIO, StringIO
from unittest import mock

from support import parameters

from zooenviron import (
    BadRequest,
    Mode,
    build_environ,
    content_length,
    is_forwarded,
    missing_parameters,
    process_environ,
)


def build(given, prefix=None, base=None):
    return build_environ(given, BytesIO(), StringIO(), prefix, Mode(True, False), base)


class Environ(unittest.TestCase):
    def test_wsgi_keys(self):
        environ = build(parameters())
        self.assertEqual(environ['wsgi.version'], (1, 0))
        self.assertIs(environ['wsgi.multithread'], True)
        self.assertIs(environ['wsgi.multiprocess'], False)
        self.assertIs(environ['wsgi.run_once'], False)
        self.assertIs(type(environ), dict)

    def test_scheme(self):
        for given, wanted in (
            ({}, 'http'),
            ({'HTTPS': 'off'}, 'http'),
            ({'HTTPS': ''}, 'http'),
            ({'HTTPS': 'on'}, 'https'),
            ({'HTTPS': '1'}, 'https'),
            ({'HTTPS': 'ON'}, 'https'),
            ({'REQUEST_SCHEME': 'https'}, 'https'),
            ({'HTTP_X_FORWARDED_PROTO': 'https'}, 'http'),
        ):
            self.assertEqual(build(parameters(**given))['wsgi.url_scheme'], wanted, given)

    def test_dangerous_and_doubled_names_are_dropped(self):
        given = parameters(
            HTTP_PROXY='http://evil', HTTP_CONTENT_TYPE='a', HTTP_CONTENT_LENGTH='5', CONTENT_TYPE='', CONTENT_LENGTH=''
        )
        environ = build(given)
        for name in ('HTTP_PROXY', 'HTTP_CONTENT_TYPE', 'HTTP_CONTENT_LENGTH', 'CONTENT_TYPE', 'CONTENT_LENGTH'):
            self.assertNotIn(name, environ)

    def test_defaults(self):
        environ = build({'REQUEST_URI': '/a?b=c', 'HTTP_HOST': 'example.org:8080'})
        self.assertEqual(environ['REQUEST_METHOD'], 'GET')
        self.assertEqual(environ['SERVER_NAME'], 'example.org')
        self.assertEqual(environ['SERVER_PORT'], '8080')
        self.assertEqual(environ['QUERY_STRING'], 'b=c')
        self.assertEqual(build({})['QUERY_STRING'], '')
        self.assertEqual(build({'HTTPS': 'on'})['SERVER_PORT'], '443')
        self.assertEqual(build({'HTTP_HOST': '[::1]:81'})['SERVER_NAME'], '[::1]')
        self.assertEqual(missing_parameters({'REQUEST_METHOD': 'GET', 'SERVER_NAME': ''})[0], 'SERVER_NAME')

    def test_the_process_environment_lies_below(self):
        machine = {'SITE_HTTPS': '1', 'REMOTE_USER': 'root', 'HTTP_PROXY': 'p', 'HTTPS': 'on', 'http_x': 'y'}
        with mock.patch.dict(os.environ, machine):
            base = process_environ()
        environ = build(parameters(), base=base)
        self.assertEqual(environ['SITE_HTTPS'], '1')
        for name in ('REMOTE_USER', 'HTTP_PROXY', 'HTTPS', 'http_x'):
            self.assertNotIn(name, environ)

    def test_forwarded(self):
        for name in ('HTTP_FORWARDED', 'HTTP_X_FORWARDED_FOR', 'HTTP_X_FORWARDED_PROTO', 'HTTP_X_REAL_IP'):
            self.assertTrue(is_forwarded({name: ''}), name)
        self.assertFalse(is_forwarded({'HTTP_X_OTHER': 'x', 'HTTP_HOST': 'y'}))


class Lengths(unittest.TestCase):
    def test_what_is_stated_counts_else_what_came(self):
        for stated, received, wanted in (
            ('5', 5, 5),
            ('3', 5, 3),
            ('', 5, 5),
            ('-1', 5, 5),
            ('x', 2, 2),
            ('\xb2', 9, 9),
        ):
            self.assertEqual(content_length({'CONTENT_LENGTH': stated}, received), wanted)
        self.assertEqual(content_length({}, 7), 7)

    def test_a_body_that_broke_off_is_refused(self):
        with self.assertRaises(BadRequest):
            content_length({'CONTENT_LENGTH': '6'}, 5)
        with self.assertRaises(BadRequest):
            content_length({'CONTENT_LENGTH': '9' * 5000}, 5)


if __name__ == '__main__':
    unittest.main()
