import unittest
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

from wsgi import application


def get(path, **variables):
    """Status, headers and text of one request, with every rule of PEP 3333 checked on the way."""
    environ = {"SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": "", **variables}
    setup_testing_defaults(environ)
    told = []
    chunks = validator(application)(
        environ, lambda status, headers, exc_info=None: told.extend([status, dict(headers)])
    )
    try:
        body = b"".join(chunks)
    finally:
        chunks.close()
    return told[0], told[1], body.decode("utf-8")


class StartPageTests(unittest.TestCase):
    def test_it_tells_that_everything_works(self):
        status, headers, text = get("/", SERVER_SOFTWARE="TestServer/<1>")
        self.assertEqual(status, "200 OK")
        self.assertEqual(headers["Content-Type"], "text/html; charset=utf-8")
        self.assertIn("It works", text)
        self.assertIn("TestServer/&lt;1&gt;", text)

    def test_its_style_sheet_lies_below_the_site_s_prefix(self):
        self.assertIn('href="/a%20shop/static/start.css"', get("/", SCRIPT_NAME="/a shop")[2])
        self.assertIn('href="/static/start.css"', get("/")[2])

    def test_there_is_nothing_elsewhere(self):
        self.assertEqual(get("/elsewhere")[0], "404 Not Found")

    def test_it_only_reads(self):
        status, headers, _ = get("/", REQUEST_METHOD="POST")
        self.assertEqual((status, headers["Allow"]), ("405 Method Not Allowed", "GET, HEAD"))


if __name__ == "__main__":
    unittest.main()
