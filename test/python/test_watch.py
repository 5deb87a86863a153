"""Watching: what counts as a change, one call after a series, restarts within their budget."""

import os
import threading
import unittest

from support import PATIENCE, SiteCase

from zoowatch import RestartBudget, Watch, changes, parse_masks, take_snapshot


class Snapshots(SiteCase):
    def snapshot(self, masks='*.py'):
        return take_snapshot(self.folder, parse_masks(masks))

    def test_masks(self):
        for name in ('a.py', 'b.txt', 'pages/c.html', 'pages/deep/D.PY', 'e.py.bak'):
            self.write(name, '')
        self.assertEqual(sorted(self.snapshot()), ['a.py', 'pages/deep/D.PY'])
        self.assertEqual(sorted(self.snapshot('*.txt; *.HTML')), ['b.txt', 'pages/c.html'])
        self.assertEqual(sorted(self.snapshot('pages\\*')), ['pages/c.html', 'pages/deep/D.PY'])
        self.assertEqual(self.snapshot(''), {})

    def test_what_the_site_writes_and_what_is_not_its_own_is_left_out(self):
        for name in (
            'data/a.py',
            'log/a.py',
            'static/a.py',
            '.venv/a.py',
            '.git/a.py',
            'x/__pycache__/a.py',
            'node_modules/a.py',
        ):
            self.write(name, '')
        self.write('env/pyvenv.cfg', '')
        self.write('env/lib/a.py', '')
        self.write('shop/static/own.py', '')
        self.assertEqual(sorted(self.snapshot()), ['shop/static/own.py'])

    def test_changes(self):
        self.write('same.py', '')
        self.write('gone.py', '')
        self.write('longer.py', '')
        touched = self.write('touched.py', '')
        before = self.snapshot()
        os.unlink(os.path.join(self.folder, 'gone.py'))
        self.write('longer.py', 'x')
        self.write('new.py', '')
        os.utime(touched, (1, 1))
        self.assertEqual(changes(before, self.snapshot()), ['gone.py', 'longer.py', 'new.py', 'touched.py'])


class Watching(SiteCase):
    def watch(self, debounce=2):
        called = threading.Event()
        calls = []

        def note(names):
            calls.append(names)
            called.set()

        Watch(self.folder, ['*.py'], note, debounce=debounce, interval=0.02).start()
        return called, calls

    def test_a_series_of_changes_is_one_call(self):
        self.write('a.py', '')
        called, calls = self.watch()
        self.write('b.txt', '')
        for number in range(5):
            self.write('new%d.py' % number, '')
            self.assertFalse(called.wait(0.05))
        self.assertTrue(called.wait(PATIENCE))
        self.assertEqual(calls, [['new%d.py' % number for number in range(5)]])

    def test_a_change_between_creation_and_start_is_seen(self):
        called = threading.Event()
        watch = Watch(self.folder, ['*.py'], lambda names: called.set(), debounce=0.05, interval=0.02)
        self.write('a.py', '')
        watch.start()
        self.assertTrue(called.wait(PATIENCE))


class Budgets(SiteCase):
    def budget(self):
        return RestartBudget(os.path.join(self.folder, 'restarts'), limit=5, window=60)

    def test_five_a_minute_over_all_processes(self):
        for moment in (0, 10, 20, 30, 40):
            self.assertEqual(self.budget().delay(1000 + moment), 0)
            self.budget().spend(1000 + moment)
        self.assertAlmostEqual(self.budget().delay(1045), 15)
        self.assertEqual(self.budget().delay(1060), 0)
        self.budget().spend(1060)
        self.assertAlmostEqual(self.budget().delay(1061), 9)

    def test_a_broken_or_forbidden_file_is_no_budget(self):
        self.write('restarts', 'nonsense')
        self.assertEqual(self.budget().delay(1), 0)
        RestartBudget(os.path.join(self.folder, 'no', 'such'), 5, 60).spend(1)

    def test_a_clock_that_was_put_back_does_not_block(self):
        for moment in range(5):
            self.budget().spend(5000 + moment)
        self.assertEqual(self.budget().delay(1000), 0)


if __name__ == '__main__':
    unittest.main()
