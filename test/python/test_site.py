"""A site's variables: three forms of web.config, expansion, what the process environment says."""

import os
import unittest

from support import SiteCase

from zoosite import SiteError, open_site
from zoovariables import expand, expand_all, native_path, path_list
from zoowebconfig import WebConfigError, read_web_config

HTTP_PLATFORM = """<?xml version="1.0" encoding="utf-8"?>
<configuration>
  <location path="." inheritInChildApplications="false">
    <system.webServer>
      <!-- a comment -->
      <httpPlatform processPath="x">
        <environmentVariables>
          <environmentVariable name="OLD" value="gone" />
          <clear />
          <environmentVariable name="PYTHONPATH" value="%APPL_PHYSICAL_PATH%;%PYTHONPATH%" />
          <environmentVariable name="DJANGO_SETTINGS_MODULE" value="shop.settings" />
        </environmentVariables>
      </httpPlatform>
    </system.webServer>
  </location>
  <location path="other">
    <system.webServer><httpPlatform><environmentVariables>
      <environmentVariable name="WSGI_APP" value="not.mine" />
    </environmentVariables></httpPlatform></system.webServer>
  </location>
</configuration>
"""
ZOO = """<configuration><system.webServer>
  <heliconZoo>
    <clear />
    <application name="first"><environmentVariables><add name="WSGI_APP" value="first.app"/></environmentVariables></application>
    <application name="django.project">
      <environmentVariables>
        <add name="PYTHONPATH" value="%APPL_PHYSICAL_PATH%\\lib" />
        <add name="WSGI_APP" value="wsgi.application" />
        <add name="django.root" value="%APPL_VIRTUAL_PATH%" />
      </environmentVariables>
    </application>
  </heliconZoo>
  <handlers>
    <remove name="django.project#x86" />
    <add name="django.project#x86" scriptProcessor="python.3.13.pipe" path="*" verb="*" />
  </handlers>
</system.webServer></configuration>
"""
OLD_ZOO = ZOO.replace('name="django.project"', 'name="django.project.x86"').replace('project#x86', 'project.x86')
FAST_CGI = """\ufeff<configuration xmlns="urn:any"><appSettings>
  <add key="WSGI_APP" value="a.b" /><add key="GONE" value="x" /><remove key="gone" />
</appSettings></configuration>
"""


class WebConfigs(SiteCase):
    def read_config(self, text, name='web.config'):
        self.write(name, text)
        return read_web_config(self.folder)

    def test_http_platform(self):
        form, variables = self.read_config(HTTP_PLATFORM)
        self.assertEqual(form, 'httpplatform')
        self.assertEqual([name for name, _ in variables], ['PYTHONPATH', 'DJANGO_SETTINGS_MODULE'])

    def test_zoo_takes_the_application_that_the_handler_names(self):
        for text in (ZOO, OLD_ZOO):
            form, variables = self.read_config(text)
            self.assertEqual(form, 'zoo')
            self.assertEqual(dict(variables)['WSGI_APP'], 'wsgi.application')

    def test_fast_cgi(self):
        self.assertEqual(self.read_config(FAST_CGI, 'Web.Config'), ('fastcgi', [('WSGI_APP', 'a.b')]))

    def test_none_and_nothing(self):
        self.assertEqual(read_web_config(self.folder), ('', []))
        self.assertEqual(self.read_config('<configuration/>'), ('', []))

    def test_broken_ones_name_file_and_line(self):
        with self.assertRaisesRegex(WebConfigError, 'web.config.*line 2'):
            self.read_config('<configuration>\n<a></configuration>')
        with self.assertRaises(WebConfigError):
            read_web_config(os.path.join(self.folder, 'missing'))


class Expansion(unittest.TestCase):
    def test_names_ignore_case_and_unknown_ones_stay(self):
        self.assertEqual(expand('a%x%b%Y_2%c%nobody%', {'X': '1', 'Y_2': '2'}), 'a1b2c%nobody%')
        self.assertEqual(expand('100% sure, 50% not', {'SURE, 50': 'x'}), '100% sure, 50% not')

    def test_each_sees_those_above(self):
        pairs = [
            ('ENGINE_PATH', 'e'),
            ('GEM_HOME', '%engine_path%/gems'),
            ('Path', '%GEM_HOME%;%Path%'),
            ('A', '%B%'),
            ('B', 'b'),
        ]
        self.assertEqual(
            expand_all(pairs, {'PATH': 'system'}),
            {'ENGINE_PATH': 'e', 'GEM_HOME': 'e/gems', 'PATH': 'e/gems;system', 'A': '%B%', 'B': 'b'},
        )

    @unittest.skipIf(os.name == 'nt', 'paths of POSIX')
    def test_paths(self):
        self.assertEqual(native_path('log\\deploy.log', '/site'), '/site/log/deploy.log')
        self.assertEqual(native_path('"/abs/x/"', '/site'), '/abs/x')
        self.assertEqual(path_list('/a;lib\\b;%PYTHONPATH%;;/a', '/site'), ['/a', '/site/lib/b'])
        self.assertEqual(path_list('/a:/b', '/site'), ['/a', '/b'])
        self.assertEqual(path_list('', '/site'), [])


class Sites(SiteCase):
    def test_variables_of_web_config(self):
        self.write('web.config', ZOO)
        site = open_site(self.folder, {'APPL_VIRTUAL_PATH': '/shop'})
        self.assertEqual(site.form, 'zoo')
        self.assertEqual(site.get('wsgi_app'), 'wsgi.application')
        self.assertEqual(site.search_path, [os.path.join(self.folder, 'lib'), self.folder])
        self.assertEqual(site.prefix, '/shop')
        self.assertEqual(open_site(self.folder, {}).prefix, None)

    def test_the_process_environment_comes_first_and_is_expanded(self):
        self.write('web.config', HTTP_PLATFORM)
        environ = {
            'DJANGO_SETTINGS_MODULE': 'other.settings',
            'PYTHONPATH': '%APPL_PHYSICAL_PATH%;%PYTHONPATH%',
            'HTTP_PLATFORM_APPL_PATH': '/',
            'UNRELATED': 'x',
        }
        site = open_site(self.folder, environ)
        self.assertEqual(site.get('DJANGO_SETTINGS_MODULE'), 'other.settings')
        self.assertEqual(site.search_path, [self.folder])
        self.assertEqual(site.prefix, '')
        self.assertNotIn('UNRELATED', site.variables)

    def test_folders(self):
        self.settings(ERROR_LOG_DIR='logs\\python', DEPLOY_LOG='logs', DEPLOY_FILE='deploy.py')
        os.makedirs(os.path.join(self.folder, 'logs'))
        site = open_site(self.folder, {})
        self.assertEqual(site.log_file, os.path.join(self.folder, 'logs', 'python', 'worker.log'))
        self.assertEqual(site.deploy_log, os.path.join(self.folder, 'logs', 'deploy.log'))
        self.assertEqual(site.deploy_file, os.path.join(self.folder, 'deploy.py'))

    def test_null_switches_the_log_off(self):
        self.settings(ERROR_LOG_DIR='NULL')
        self.assertIsNone(open_site(self.folder, {}).log_file)

    def test_defaults(self):
        site = open_site(self.folder, {})
        self.assertEqual(site.log_file, os.path.join(self.folder, 'log', 'worker.log'))
        self.assertIsNone(site.deploy_file)
        self.assertEqual(site.watch_mask, '')

    def test_an_unknown_prefix_is_none(self):
        self.settings(**{'django.root': '%NOBODY%'})
        self.assertIsNone(open_site(self.folder, {}).prefix)
        self.settings(**{'django.root': '/rooibos'})
        self.assertEqual(open_site(self.folder, {}).prefix, '/rooibos')

    def test_a_broken_file_is_told(self):
        self.write('web.config', '<configuration>')
        with self.assertRaises(SiteError):
            open_site(self.folder, {})


if __name__ == '__main__':
    unittest.main()
