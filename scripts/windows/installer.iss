; Hearth's installer for Windows; scripts/windows/inno.py has Inno Setup compile it.
;
; For one person and without an administrator: the program goes into their own folder of programs, their
; rooms stay in AppData\Local\Hearth. Beside this file lie program\ and the icon.
; https://jrsoftware.org/ishelp/

#ifndef Version
  #error The version is given on the command line: /DVersion=1.2.3
#endif

[Setup]
AppId={#Id}
AppName={#Name}
AppVersion={#Version}
AppPublisher={#Publisher}
AppMutex={#Id}
VersionInfoVersion={#Version}
DefaultDirName={localappdata}\Programs\{#Name}
PrivilegesRequired=lowest
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0
DisableProgramGroupPage=yes
DisableDirPage=yes
DisableReadyPage=yes
DisableFinishedPage=yes
SetupIconFile={#Name}.ico
UninstallDisplayIcon={app}\{#Name}.exe
WizardSmallImageFile=wizard.bmp
WizardStyle=modern
Compression=lzma2/max
SolidCompression=yes
TimeStampsInUTC=yes
OutputDir=.
OutputBaseFilename={#Setup}

[Messages]
WizardSelectTasks=Install {#Name}
SelectTasksDesc=For you, without an administrator. It starts as soon as it is installed.
SelectTasksLabel2=You can also:
UninstalledAll=%1 was removed. Your rooms stay where they are, in AppData\Local\{#Name}.

[Tasks]
Name: firewall; Description: "Let others on this network &reach {#Name} (Windows asks for an administrator)"
Name: desktop; Description: "Put an icon on the &desktop"; Flags: unchecked

[InstallDelete]
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "program\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs

[Icons]
Name: "{autoprograms}\{#Name}"; Filename: "{app}\{#Name}.exe"
Name: "{autodesktop}\{#Name}"; Filename: "{app}\{#Name}.exe"; Tasks: desktop

[Run]
Filename: "{app}\{#Name}.exe"; Flags: nowait skipifsilent

[Code]
const
  AtLogin = 'Software\Microsoft\Windows\CurrentVersion\Run';
  Settings = 'Software\{#Name}';
  Allowed = 'FirewallAllows';

function Exe: String;
begin
  Result := ExpandConstant('{app}\{#Name}.exe');
end;

procedure CurPageChanged(Page: Integer);
begin
  if Page = wpSelectTasks then WizardForm.NextButton.Caption := SetupMessage(msgButtonInstall);
end;

// Windows asks for an administrator, who may say no.
function Firewall(Change: String): Boolean;
var
  Status: Integer;
begin
  Result := ShellExec('runas', ExpandConstant('{sys}\netsh.exe'), 'advfirewall firewall ' + Change, '', SW_HIDE,
    ewWaitUntilTerminated, Status) and (Status = 0);
  Log(Format('Firewall, status %d: %s', [Status, Change]));
end;

// Nobody is asked again by an upgrade, and nobody by an installation that was to be silent.
function MayAsk: Boolean;
var
  Before: String;
begin
  Result := WizardIsTaskSelected('firewall')
    and (not WizardSilent or (Pos('firewall', Lowercase(ExpandConstant('{param:tasks}'))) > 0))
    and not (RegQueryStringValue(HKCU, Settings, Allowed, Before) and (CompareText(Before, Exe) = 0));
end;

procedure CurStepChanged(CurStep: TSetupStep);
begin
  if (CurStep <> ssPostInstall) or not MayAsk then exit;
  if Firewall('add rule name="{#Name}" dir=in action=allow program="' + Exe + '"') then
    RegWriteStringValue(HKCU, Settings, Allowed, Exe)
  else
    SuppressibleMsgBox('The firewall of Windows was not changed. It may ask when {#Name} starts; until it allows '
      + '{#Name}, others may not reach it.', mbInformation, MB_OK, IDOK);
end;

procedure CurUninstallStepChanged(CurUninstallStep: TUninstallStep);
var
  Told: String;
begin
  if CurUninstallStep <> usUninstall then exit;
  // What starts at login may be another Hearth, on a stick.
  if RegQueryStringValue(HKCU, AtLogin, '{#Name}', Told) and (Pos(Lowercase(Exe), Lowercase(Told)) > 0) then
    RegDeleteValue(HKCU, AtLogin, '{#Name}');
  if RegQueryStringValue(HKCU, Settings, Allowed, Told) then begin
    Firewall('delete rule name="{#Name}" program="' + Told + '"');
    RegDeleteKeyIncludingSubkeys(HKCU, Settings);
  end;
end;
