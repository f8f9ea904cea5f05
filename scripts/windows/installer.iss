; Hearth's installer for Windows; scripts/windows/inno.py has Inno Setup compile it.
;
; For one person and without an administrator: the program goes into their own folder of programs, their
; rooms stay in AppData\Local\Hearth. What else it names is put beside it before it is compiled.
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
SelectTasksDesc=For you alone. {#Name} starts as soon as it is installed.
SelectTasksLabel2=You can also:
SetupAppRunningError=%1 is running, perhaps only as an icon beside the clock. Choose Quit there, then click OK, or Cancel to leave it as it is.
UninstallAppRunningError=%1 is running, perhaps only as an icon beside the clock. Choose Quit there, then click OK, or Cancel to keep it.
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

[Code]
const
  AtLogin = 'Software\Microsoft\Windows\CurrentVersion\Run';
  Settings = 'Software\{#Name}';
  // The program that Windows Firewall lets others reach; empty where an administrator said no.
  Allowed = 'FirewallAllows';

function Exe: String;
begin
  Result := ExpandConstant('{app}\{#Name}.exe');
end;

// Whether a recorded decision was found: the program that may be reached, or '' after a refusal.
function Decided(var Reached: String): Boolean;
begin
  Result := RegQueryStringValue(HKCU, Settings, Allowed, Reached);
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

function CloseFirewall(Reached: String): Boolean;
begin
  Result := Firewall('delete rule name="{#Name}" dir=in program="' + Reached + '"');
end;

// An installation that was to be silent asks nobody, unless it was told to open the firewall.
function MayAsk: Boolean;
begin
  Result := not WizardSilent
    or (Pos('firewall', Lowercase(ExpandConstant('{param:tasks} {param:mergetasks}'))) > 0);
end;

procedure SetFirewall;
var
  Before, Wanted: String;
begin
  if not Decided(Before) then Before := '';
  if WizardIsTaskSelected('firewall') then Wanted := Exe else Wanted := '';
  if (CompareText(Before, Wanted) = 0) or not MayAsk then exit;
  if (Before <> '') and not CloseFirewall(Before) then exit;
  if (Wanted <> '') and not Firewall('add rule name="{#Name}" dir=in action=allow program="' + Wanted + '"') then begin
    Wanted := '';
    SuppressibleMsgBox('Windows Firewall was not changed. It may ask when {#Name} starts; until it allows {#Name}, '
      + 'others may not reach it.', mbInformation, MB_OK, IDOK);
  end;
  RegWriteStringValue(HKCU, Settings, Allowed, Wanted);
end;

procedure CurPageChanged(Page: Integer);
var
  Before: String;
begin
  if Page <> wpSelectTasks then exit;
  WizardForm.NextButton.Caption := SetupMessage(msgButtonInstall);
  if Decided(Before) and (Before = '') then WizardSelectTasks('!firewall');
end;

procedure CurStepChanged(Step: TSetupStep);
var
  Status: Integer;
begin
  if Step <> ssPostInstall then exit;
  SetFirewall;
  // Only then, or the firewall would ask as well.
  if not WizardSilent then Exec(Exe, '', '', SW_SHOWNORMAL, ewNoWait, Status);
end;

procedure CurUninstallStepChanged(Step: TUninstallStep);
var
  Told: String;
begin
  if Step <> usUninstall then exit;
  // What starts at login may be another Hearth, on a stick.
  if RegQueryStringValue(HKCU, AtLogin, '{#Name}', Told) and (Pos(Lowercase(Exe), Lowercase(Told)) > 0) then
    RegDeleteValue(HKCU, AtLogin, '{#Name}');
  if not Decided(Told) then exit;
  // A rule that stays is known to the next installation.
  if (Told <> '') and not ((IsAdmin or not UninstallSilent) and CloseFirewall(Told)) then exit;
  RegDeleteKeyIncludingSubkeys(HKCU, Settings);
end;
