import unittest

from wsgi import application


class StartPageTests(unittest.TestCase):
    def setUp(self) -> None:
        self.client = application.test_client()

    def test_it_tells_that_everything_works(self) -> None:
        response = self.client.get("/", environ_overrides={"SERVER_SOFTWARE": "TestServer/<1>"})
        self.assertEqual(response.status_code, 200)
        self.assertIn("It works", response.text)
        self.assertIn("TestServer/&lt;1&gt;", response.text)

    def test_its_style_sheet_is_there_below_the_site_s_prefix(self) -> None:
        response = self.client.get("/", environ_overrides={"SCRIPT_NAME": "/shop"})
        self.assertIn('href="/shop/static/start.css"', response.text)
        with self.client.get("/static/start.css") as style:
            self.assertEqual(style.mimetype, "text/css")

    def test_it_only_reads(self) -> None:
        self.assertEqual(self.client.post("/").status_code, 405)


if __name__ == "__main__":
    unittest.main()
