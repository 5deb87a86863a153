// Expansion of %NAME% as Helicon's module did it, and Windows paths on other systems.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { expandVariables, type VariableContext } from '../../src/site/variables.js';

const posix: VariableContext = {
  directory: '/srv/shop',
  windows: false,
  environment: { PATH: '/usr/bin:/bin', HOME: '/home/me' },
  host: '127.0.0.1',
  port: 8000,
};

const expand = (
  variables: Readonly<Record<string, string>>,
  context: Partial<VariableContext> = {},
): Readonly<Record<string, string>> =>
  expandVariables(
    Object.entries(variables).map(([name, value]) => ({ name, value })),
    { ...posix, ...context },
  );

describe('expandVariables', () => {
  it('sees variables above, the module, the environment, in this order and without regard to case', () => {
    const result = expand({
      A: '%a%|%home%|%appl_physical_path%',
      home: '1',
      B: '%A%+%HOME%+%APPL_VIRTUAL_PATH%+%PORT%',
    });
    assert.equal(result['A'], '%a%|/home/me|/srv/shop');
    assert.equal(result['B'], '%a%|/home/me|/srv/shop+1++8000');
  });

  it('takes the spelling of the environment, else the usual one', () => {
    assert.deepEqual(
      Object.keys(expand({ Path: 'x', pythonpath: 'y', 'Django.Root': 'z', Own: '1', OWN: '2' })),
      ['PATH', 'PYTHONPATH', 'django.root', 'Own'],
    );
  });

  it('turns lists of folders to this system and drops what cannot be there', () => {
    const value = '%APPL_PHYSICAL_PATH%;%APPL_PHYSICAL_PATH%\\lib\\more;;C:\\Python27;%PYTHONPATH%;';
    assert.equal(expand({ PYTHONPATH: value })['PYTHONPATH'], '/srv/shop:/srv/shop/lib/more');
    assert.equal(
      expand({ PATH: '%APPL_PHYSICAL_PATH%\\venv\\Scripts;%PATH%' })['PATH'],
      '/srv/shop/venv/Scripts:/usr/bin:/bin',
    );
  });

  it('keeps Windows lists on Windows', () => {
    const result = expand(
      { PYTHONPATH: '%APPL_PHYSICAL_PATH%\\a;;C:\\b;%PYTHONPATH%' },
      { windows: true, directory: 'C:\\site\\', environment: {} },
    );
    assert.equal(result['PYTHONPATH'], 'C:\\site\\a;C:\\b');
  });

  it('turns single paths, and leaves other values alone', () => {
    const result = expand({
      DEPLOY_LOG: 'log\\deploy.log',
      DJANGO_SETTINGS_MODULE: '%APPL_PHYSICAL_PATH%\\shop\\settings.py',
      APP_DATA: '%APPL_PHYSICAL_PATH%\\x',
      PATTERN: '\\d+;100%;%PATH%;%unknown%',
    });
    assert.equal(result['DEPLOY_LOG'], 'log/deploy.log');
    assert.equal(result['DJANGO_SETTINGS_MODULE'], '/srv/shop/shop/settings.py');
    assert.equal(result['APP_DATA'], '/srv/shop/x');
    assert.equal(result['PATTERN'], '\\d+;100%;/usr/bin:/bin;%unknown%');
  });
});
