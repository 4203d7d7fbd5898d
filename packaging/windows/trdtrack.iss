; The installer for Windows, for Inno Setup 6: packaging/build.py runs ISCC on it, with the version from the one place.
; For one account, without an administrator. A caseload and the settings lie elsewhere and are never touched.
#ifndef Version
  #error Run packaging/build.py, which says the version.
#endif

[Setup]
; The number by which Windows knows an older TRDTrack: it stays the same for ever.
AppId={{3B8354A5-DECC-49DA-A6C4-CF08D472EAC1}
AppName=TRDTrack
AppVersion={#Version}
AppVerName=TRDTrack {#Version}
AppPublisher=The TRDTrack maintainers
VersionInfoVersion={#Version}
DefaultDirName={autopf}\TRDTrack
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=commandline
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0
SetupIconFile=..\..\build\icons\trdtrack.ico
UninstallDisplayIcon={app}\trdtrack.exe
ChangesAssociations=yes
CloseApplications=yes
Compression=lzma2
SolidCompression=yes
OutputDir=..\..\dist
OutputBaseFilename=trdtrack-{#Version}-setup

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "de"; MessagesFile: "compiler:Languages\German.isl"
Name: "es"; MessagesFile: "compiler:Languages\Spanish.isl"
Name: "fr"; MessagesFile: "compiler:Languages\French.isl"

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[InstallDelete]
; What an older version brought and this one does not must not be found by it. Nobody keeps a file of their own here.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "..\..\dist\trdtrack\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{autoprograms}\TRDTrack"; Filename: "{app}\trdtrack.exe"
Name: "{autodesktop}\TRDTrack"; Filename: "{app}\trdtrack.exe"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "Software\Classes\.trdtrack\OpenWithProgids"; ValueType: string; ValueName: "TRDTrack.Caseload"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.trdtrack"; ValueType: string; ValueData: "TRDTrack.Caseload"; Flags: uninsdeletevalue uninsdeletekeyifempty
Root: HKA; Subkey: "Software\Classes\TRDTrack.Caseload"; ValueType: string; ValueData: "TRDTrack caseload"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\TRDTrack.Caseload\DefaultIcon"; ValueType: string; ValueData: "{app}\trdtrack.exe,0"
Root: HKA; Subkey: "Software\Classes\TRDTrack.Caseload\shell\open\command"; ValueType: string; ValueData: """{app}\trdtrack.exe"" ""%1"""

[Run]
Filename: "{app}\trdtrack.exe"; Description: "{cm:LaunchProgram,TRDTrack}"; Flags: nowait postinstall skipifsilent
