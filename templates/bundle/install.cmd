@echo off
rem Installs what this bundle holds, without network, and leaves zookit.cmd on this machine.
rem   install.cmd [PRODUCT...] [--prefix DIR] [--key FINGERPRINT] [--digest HEX] [--bundle OLD] [options of zookit install]
rem A word with = in it needs quotes: "DbName=shop". Nothing of the bundle but this script runs before every file is what
rem SHA256SUMS says, and nothing is missing or added. Every program is named in full: a file of the bundle never runs instead.
setlocal EnableExtensions DisableDelayedExpansion
set "windows=%SystemRoot%\System32"
set "certutil=%windows%\certutil.exe"
set "self=%~f0"
set "here=%~dp0"
set "prefix=%ProgramFiles%\Zookit"
if defined ProgramW6432 set "prefix=%ProgramW6432%\Zookit"
set "key="
set "digest="
set "old="
set "raised="
set "rest="
set "work="

:words
if "%~1"=="" goto begin
if /i "%~1"=="--raised" goto word_raised
if /i "%~1"=="--prefix" goto word_prefix
if /i "%~1"=="--key" goto word_key
if /i "%~1"=="--digest" goto word_digest
if /i "%~1"=="--bundle" goto word_bundle
set rest=%rest% %1
shift /1
goto words
:word_raised
set "raised=1"
shift /1
goto words
:word_prefix
set "prefix=%~f2"
shift /1
shift /1
goto words
:word_key
set "key=%~2"
set rest=%rest% --key %2
shift /1
shift /1
goto words
:word_digest
set "digest=%~2"
shift /1
shift /1
goto words
:word_bundle
set "old=%~f2"
set rest=%rest% --bundle "%~f2"
shift /1
shift /1
goto words

rem A share gets a letter for as long as this runs.
:begin
pushd "%here%"
if errorlevel 1 exit /b 3
set "root=%CD%"
if not "%root:~-1%"=="\" set "root=%root%\"
set "probe=%prefix%\tool\.try-%RANDOM%%RANDOM%"
mkdir "%probe%" 2>nul
if not exist "%probe%\" goto raise
rmdir "%probe%"
set "work=%prefix%\tool\.work-%RANDOM%%RANDOM%"
mkdir "%work%"
if defined key set "key=%key:SHA256:=%"
if defined key set "key=%key::=%"
if defined key set "key=%key: =%"

echo Checking %root%
set "failure=BUNDLE_INVALID"
set "advice=Do not use this bundle, or copy it anew"
set "bad="
if not exist "SHA256SUMS" set "bad='SHA256SUMS' is missing"
if defined bad goto refuse
set "list=%work%\new"
copy /b /y "SHA256SUMS" "%list%" >nul
set "name=%list%"
call :hash
if not defined hash set "bad=certutil tells no hash of 'SHA256SUMS': nothing can be checked"
if defined bad goto refuse
set "own=%hash%"
if not defined digest goto digest_right
if /i not "%digest%"=="%own%" set "bad='SHA256SUMS' is another list: its digest is not the one that was given"
if defined bad goto refuse
:digest_right
call :bundle
if defined bad goto refuse
if not defined old goto checked
pushd "%old%"
if errorlevel 1 set "bad='%old%' is no folder"
set "list=%work%\old"
if not defined bad if exist "SHA256SUMS" copy /b /y "SHA256SUMS" "%list%" >nul
if not defined bad call :bundle
popd
if defined bad goto refuse
:checked

rem The runtime of this machine; an arm64 Windows runs that of x64 too.
set "arch=%PROCESSOR_ARCHITECTURE%"
if defined PROCESSOR_ARCHITEW6432 set "arch=%PROCESSOR_ARCHITEW6432%"
set "target=windows-x86"
if /i "%arch%"=="AMD64" set "target=windows-x64"
if /i "%arch%"=="ARM64" set "target=windows-arm64"
set "id=%own:~0,16%"
set "place=%prefix%\tool\%id%"
set "name=runtime\%target%\node.exe"
call :source
if not defined source if /i "%arch%"=="ARM64" set "target=windows-x64"
set "name=runtime\%target%\node.exe"
call :source
if defined source goto tool
if exist "%prefix%\bin\zookit.cmd" goto install
set "failure=NO_INSTALLER"
set "bad=This bundle has no Node for %target%, and there is no zookit on this machine"
set "advice=Take a bundle for this system; when this one is a difference, name the older one with --bundle OLD"
goto refuse

rem Runtime and tool get a folder of their own, named by the bundle: it is there whole or not at all.
:tool
if exist "%place%\" goto command
set "staging=%prefix%\tool\.new-%RANDOM%%RANDOM%"
mkdir "%staging%"
set "goal=%staging%\node.exe"
call :take
set "name=runtime\%target%\LICENSE"
set "goal=%staging%\LICENSE"
call :take
set "name=tool\unpack.cjs"
set "goal=%work%\unpack.cjs"
call :take
set "name=tool\zookit.tar.gz"
set "goal=%work%\zookit.tar.gz"
call :take
if defined bad goto unstage
"%staging%\node.exe" "%work%\unpack.cjs" "%work%\zookit.tar.gz" "%staging%"
set "code=%errorlevel%"
if not "%code%"=="0" goto unstage
set "words="
if defined key set "words=--key %key%"
"%staging%\node.exe" "%staging%\zookit\dist\src\main.cjs" bundle verify "%root%." %words% --quiet
set "code=%errorlevel%"
if not "%code%"=="0" goto unstage
set "tries=0"
:settle
move "%staging%" "%place%" >nul 2>nul
if exist "%place%\" goto command
set /a tries+=1
if %tries% GTR 20 set "bad='%staging%' cannot be renamed: another program holds it"
if defined bad goto unstage
"%windows%\ping.exe" -n 3 127.0.0.1 >nul
goto settle

:command
if not exist "%prefix%\bin\" mkdir "%prefix%\bin"
>"%prefix%\bin\zookit.new" echo @echo off
>>"%prefix%\bin\zookit.new" echo "%%~dp0..\tool\%id%\node.exe" "%%~dp0..\tool\%id%\zookit\dist\src\main.cjs" %%*
move /y "%prefix%\bin\zookit.new" "%prefix%\bin\zookit.cmd" >nul
for /d %%D in ("%prefix%\tool\*") do if /i not "%%~nxD"=="%id%" rmdir /s /q "%%D" 2>nul
echo zookit.cmd is in "%prefix%\bin": add that folder to PATH to type only zookit
:install
if exist "%work%\" rmdir /s /q "%work%"
set "ZOOKIT_RESTART_STATUS=3010"
if not exist "%place%\node.exe" goto install_older
"%place%\node.exe" "%place%\zookit\dist\src\main.cjs" install --bundle "%root%." %rest%
set "code=%errorlevel%"
goto leave
:install_older
call "%prefix%\bin\zookit.cmd" install --bundle "%root%." %rest%
set "code=%errorlevel%"
goto leave

:unstage
if exist "%staging%\" rmdir /s /q "%staging%"
if defined bad goto refuse
goto leave
:refuse
set "code=3"
for /f "delims=" %%M in ("%bad%") do >&2 echo error: %%M (%failure%)
for /f "delims=" %%M in ("%advice%") do >&2 echo hint: %%M
:leave
if defined work if exist "%work%\" rmdir /s /q "%work%"
popd
if defined raised pause
exit /b %code%

rem Only when the folder cannot be written. The raised half knows no letter of a share: the share's own name is found first.
:raise
set "failure=NEEDS_ADMIN"
set "advice=Open a terminal with Run as administrator and type the same there, or choose another folder with --prefix DIR"
set "bad=Administrator rights are needed to write '%prefix%'"
if defined raised goto refuse
set "share="
if not "%here:~0,2%"=="\\" for /f "tokens=1* delims=\" %%A in ('%windows%\net.exe use %here:~0,2% 2^>nul') do if not "%%B"=="" set "share=\\%%B"
if defined share set "self=%share%%self:~2%"
set ZOOKIT_WORDS=/d /s /c ""%self%" --raised %*"
"%windows%\WindowsPowerShell\v1.0\powershell.exe" -NoProfile -NonInteractive -Command "try { exit (Start-Process -FilePath ($env:SystemRoot + '\System32\cmd.exe') -ArgumentList $env:ZOOKIT_WORDS -Verb RunAs -Wait -PassThru).ExitCode } catch { exit 1223 }"
set "code=%errorlevel%"
if "%code%"=="1223" goto refuse
popd
exit /b %code%

rem The bundle in the current folder, both ways, by the copy of its list that nobody else can write; sets bad.
:bundle
set "top=%CD%"
if not "%top:~-1%"=="\" set "top=%top%\"
set "slashed=%top:\=/%"
set "listed=0"
set "present=0"
set "previous="
if not exist "SHA256SUMS" set "bad='%top%SHA256SUMS' is missing"
for /f "delims=" %%F in ('dir /s /b /a:l 2^>nul') do set "bad='%%F' is a link, which no bundle has"
if defined bad exit /b
for /f "usebackq delims=" %%L in ("%list%") do (
  set "line=%%L"
  call :file
)
if not defined bad if %listed% LSS 2 set "bad='%top%SHA256SUMS' lists less than any bundle has"
if defined bad exit /b
for /f "delims=" %%F in ('dir /s /b /a:-d') do (
  set "found=%%F"
  call :present
)
if "%listed%"=="%present%" goto signature
for /f "delims=" %%F in ('dir /s /b /a:-d') do (
  set "found=%%F"
  call :added
)
if not defined bad set "bad=There are %present% files in '%top%', and SHA256SUMS has %listed%"
exit /b
:signature
if not defined key exit /b
set "failure=SIGNATURE_INVALID"
if not exist "signer.pem" set "bad='%top%' is not signed"
if not exist "SHA256SUMS.sig" set "bad='%top%' is not signed"
if defined bad exit /b
"%certutil%" -f -decode "signer.pem" "%work%\signer.der" >nul 2>nul
set "name=%work%\signer.der"
call :hash
del /q "%work%\signer.der" 2>nul
if /i not "%hash%"=="%key%" set "bad='%top%signer.pem' is another key than the one that was given"
exit /b

rem A line: 64 digits, two blanks, a path.
:file
if defined bad exit /b
set "want=%line:~0,64%"
set "name=%line:~66%"
set "name=%name:/=\%"
set /a listed+=1
if /i "%name%"=="%previous%" set "bad='%name%' stands twice in SHA256SUMS"
set "previous=%name%"
if not exist "%name%" set "bad='%top%%name%' is missing"
if defined bad exit /b
call :hash
if not defined hash set "bad=certutil tells no hash of '%top%%name%'"
if defined bad exit /b
if /i not "%hash%"=="%want%" set "bad='%top%%name%' is not what SHA256SUMS says"
exit /b

rem certutil tells it in the second line, older ones with blanks, and cannot hash a file without a byte.
:hash
set "hash="
for /f "skip=1 delims=" %%L in ('%certutil% -hashfile "%name%" SHA256 2^>nul') do if not defined hash set "hash=%%L"
if defined hash set "hash=%hash: =%"
for %%F in ("%name%") do if "%%~zF"=="0" set "hash=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
exit /b

rem Counts a file, but for the list, its signature, and what operating systems leave on sticks.
:present
set "counts=1"
if /i "%found%"=="%top%SHA256SUMS" set "counts="
if /i "%found%"=="%top%SHA256SUMS.sig" set "counts="
for %%F in ("%found%") do set "leaf=%%~nxF"
if /i "%leaf%"=="desktop.ini" set "counts="
if /i "%leaf%"=="Thumbs.db" set "counts="
if /i "%leaf%"==".DS_Store" set "counts="
if "%leaf:~0,2%"=="._" set "counts="
if not "%found:\System Volume Information\=%"=="%found%" set "counts="
if not "%found:\$RECYCLE.BIN\=%"=="%found%" set "counts="
if defined counts set /a present+=1
exit /b

:added
if defined bad exit /b
call :present
if not defined counts exit /b
set "plain=%found:\=/%"
set "known="
for /f "usebackq tokens=1*" %%H in ("%list%") do if /i "%slashed%%%I"=="%plain%" set "known=1"
if not defined known set "bad='%found%' was added"
exit /b

rem The bundle that a file is in: this one, else the older one; with its list, as it was when it was checked.
:source
set "source="
set "list=%work%\new"
if exist "%root%%name%" set "source=%root%"
if not defined source if defined old if exist "%old%\%name%" set "source=%old%\"
if /i "%source%"=="%old%\" set "list=%work%\old"
exit /b

rem Copies a file to where only administrators write, and looks at its hash there once more.
:take
if defined bad exit /b
call :source
set "listname=%name:\=/%"
set "want="
for /f "usebackq tokens=1*" %%H in ("%list%") do if /i "%%I"=="%listname%" set "want=%%H"
copy /b /y "%source%%name%" "%goal%" >nul
set "name=%goal%"
call :hash
if not defined want set "bad='%listname%' is not in the bundle"
if /i not "%hash%"=="%want%" set "bad='%listname%' has changed meanwhile"
exit /b
