#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace fresh::images {

/// A file that a build needs from outside.
struct LockedInput {
  std::string sha256;
  std::int64_t size = 0;
  std::string path;  ///< relative to `inputs/` of the build context
  std::string
      origin;  ///< where it comes from, for people: `pypi:numpy==1.26.4`, or the image that fetched it
};

/// The content of an `inputs.lock`: first line `# fresh-clone inputs lock v1`, then one line per file, sorted
/// by path:
/// `<sha256>  <size>  <path>  <origin>`.
std::string inputs_lock_text(std::vector<LockedInput> inputs);

/// Reads such text; `name` is the file as errors shall call it. Throws Error (deploy) with line and column
/// for anything that is not in this form, for paths that lead out, and for a path given twice. Sorted by
/// path.
std::vector<LockedInput> parse_inputs_lock(const std::string& text, const std::string& name);

/// How what was fetched differs from what is locked: paths, sorted.
struct InputsDifference {
  std::vector<std::string> extra;
  std::vector<std::string> missing;
  std::vector<std::string> changed;

  bool none() const { return extra.empty() && missing.empty() && changed.empty(); }
  /// One line per path: `extra: wheels/x.whl`.
  std::string text() const;
};

/// Compares by path, then sha256 and size; the origin does not count. Both sorted by path.
InputsDifference compare_inputs(const std::vector<LockedInput>& locked,
                                const std::vector<LockedInput>& found);

/// What to write as origin of a fetched file: `maven:ARTIFACT:VERSION` for a jar, `pypi:NAME==VERSION` for a
/// wheel, else `fetched_in`.
std::string origin_of(const std::string& path, const std::string& fetched_in);

}  // namespace fresh::images
