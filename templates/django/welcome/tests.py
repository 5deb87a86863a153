from unittest import mock

from django.contrib.staticfiles import finders
from django.db import OperationalError, connection
from django.test import TestCase, override_settings
from django.urls import reverse


# So that the tests pass with SITE_HTTPS=1 too.
@override_settings(SECURE_SSL_REDIRECT=False)
class StartPageTests(TestCase):
    def test_it_tells_that_everything_works(self) -> None:
        response = self.client.get(reverse("welcome:index"), SERVER_SOFTWARE="TestServer/1.0")
        self.assertContains(response, "It works")
        self.assertContains(response, connection.display_name)
        self.assertContains(response, "TestServer/1.0")
        self.assertNotContains(response, "not reachable")

    def test_it_says_when_the_database_does_not_answer_but_not_why(self) -> None:
        broken = mock.patch.object(connection, "ensure_connection", side_effect=OperationalError("at 10.0.0.1"))
        with broken, self.assertLogs("welcome.status", "ERROR"):
            response = self.client.get(reverse("welcome:index"))
        self.assertContains(response, "not reachable")
        self.assertNotContains(response, "10.0.0.1")

    def test_it_only_reads(self) -> None:
        self.assertEqual(self.client.post(reverse("welcome:index")).status_code, 405)

    def test_it_links_to_the_admin_pages_and_its_style_sheet(self) -> None:
        response = self.client.get(reverse("welcome:index"))
        self.assertContains(response, f'href="{reverse("admin:index")}"')
        self.assertContains(response, "static/welcome/start.css")
        self.assertIsNotNone(finders.find("welcome/start.css"))
        self.assertEqual(self.client.get(reverse("admin:login")).status_code, 200)
