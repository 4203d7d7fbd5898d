#!/bin/bash
# Signs dist/TRDTrack.app, has Apple notarise it, and makes dist/TRDTrack-VERSION.dmg. On a Mac, after packaging/build.py.
#   SIGNING_IDENTITY   a "Developer ID Application" certificate in the keychain
#   NOTARY_PROFILE     what `xcrun notarytool store-credentials` was told to keep the login under
set -euo pipefail
: "${SIGNING_IDENTITY:?names the certificate to sign with}"
: "${NOTARY_PROFILE:?names the stored login for notarytool}"
cd "$(dirname "$0")/../.."
app=dist/TRDTrack.app
version=$(/usr/libexec/PlistBuddy -c "Print :CFBundleShortVersionString" "$app/Contents/Info.plist")
image=dist/TRDTrack-$version.dmg

sign() {
  codesign --force --timestamp --options runtime --entitlements packaging/macos/entitlements.plist \
    --sign "$SIGNING_IDENTITY" "$@"
}
# From the inside out: a seal covers those within it.
find "$app/Contents" -type f \( -name "*.so" -o -name "*.dylib" \) -print0 | while IFS= read -r -d "" file; do
  sign "$file"
done
find "$app/Contents" -type d -name "*.framework" -print0 | while IFS= read -r -d "" framework; do
  sign "$framework"
done
sign "$app"
codesign --verify --deep --strict "$app"

# With the folder of programs beside it: installing is dragging one onto the other.
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
ditto "$app" "$stage/TRDTrack.app"
ln -s /Applications "$stage/Applications"
rm -f "$image"
hdiutil create -volname TRDTrack -srcfolder "$stage" -format UDZO "$image"
codesign --timestamp --sign "$SIGNING_IDENTITY" "$image"
xcrun notarytool submit "$image" --keychain-profile "$NOTARY_PROFILE" --wait
xcrun stapler staple "$image"
spctl --assess --type open --context context:primary-signature "$image"
