"""The log: entries, rotation, folders that cannot be written."""

import os
import threading
import unittest
from io import StringIO

from support import SiteCase

from zoolock import FileLock
from zoolog import Log, PrintStream, rotate


class Logs(SiteCase):
    def setUp(self):
        super().setUp()
        self.path = os.path.join(self.folder, 'log', 'worker.log')

    def test_an_entry(self):
        Log(self.path).error('ABC GET /', 'Traceback\n  line\n')
        lines = self.log().splitlines()
        self.assertRegex(
            lines[0], r'^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\] \[pid %d\] ERROR ABC GET /$' % os.getpid()
        )
        self.assertEqual(lines[1:], ['    Traceback', '      line'])

    def test_what_a_visitor_chose_is_no_entry_and_no_command_to_a_terminal(self):
        Log(self.path).error('ABC GET /a\n[2026-01-01 00:00:00.000] [pid 1] ERROR forged\r\x1b[2J\x9b', 'x\x1b[31m\ty')
        lines = self.log().splitlines()
        self.assertRegex(lines[0], r'\] ERROR ABC GET /a$')
        self.assertEqual(
            lines[1:], ['    [2026-01-01 00:00:00.000] [pid 1] ERROR forged', '    \\x1b[2J\\x9b', '    x\\x1b[31m\ty']
        )

    def test_it_rotates_and_keeps_five(self):
        log = Log(self.path, largest=200)
        for number in range(60):
            log.info('entry %d' % number)
        names = sorted(name for name in os.listdir(os.path.dirname(self.path)) if not name.endswith('.lock'))
        self.assertEqual(names, ['worker.log'] + ['worker.log.%d' % number for number in range(1, 6)])
        self.assertIn('entry 59', self.log())
        for name in names:
            self.assertLess(os.path.getsize(os.path.join(os.path.dirname(self.path), name)), 400)

    def test_while_another_process_rotates_this_one_writes_on(self):
        log = Log(self.path, largest=10)
        log.info('first')
        lock = FileLock(self.path + '.lock')
        lock.acquire()
        log.info('second')
        lock.release()
        self.assertEqual(len(self.log().splitlines()), 2)
        rotate(self.path, 10)
        self.assertFalse(os.path.exists(self.path))

    def test_entries_of_threads_stay_whole(self):
        log = Log(self.path)
        threads = [threading.Thread(target=lambda: [log.info('x' * 300) for _ in range(20)]) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        lines = self.log().splitlines()
        self.assertEqual(len(lines), 160)
        self.assertTrue(all(line.endswith('INFO ' + 'x' * 300) for line in lines))

    def test_a_folder_that_cannot_be_made_leaves_the_echo(self):
        self.write('file', '')
        echo = StringIO()
        Log(os.path.join(self.folder, 'file', 'worker.log'), echo).info('told')
        self.assertIn('told', echo.getvalue())
        closed = StringIO()
        closed.close()
        Log(None, closed).info('nobody listens')

    def test_what_is_printed_becomes_entries_line_by_line(self):
        stream = PrintStream(Log(self.path))
        print('one\ntwo', end='', file=stream)
        self.assertEqual(self.log().splitlines()[1:], ['    one'])
        stream.flush()
        self.assertTrue(self.log().endswith('    two\n'))

    def test_letters_that_cannot_be_encoded_do_no_harm(self):
        Log(self.path).info('\udc80 \u65e5')
        self.assertIn('\\udc80 \u65e5', self.log())


if __name__ == '__main__':
    unittest.main()
