#include "state/folder.h"

#include "base/error.h"
#include "base/file.h"

#include <fmt/core.h>

#include <system_error>

namespace fresh::state {

using base::Error;
using base::ExitCode;

void make_state_folder(const std::filesystem::path& folder) {
  const base::Doing doing("preparing the state folder '{}'", folder.string());
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw Error(ExitCode::precheck, fmt::format("cannot make '{}': {}", folder.string(), error.message()),
                fmt::format("make '{}' a folder that you can write to", folder.parent_path().string()));
  }
  const std::filesystem::path ignore = folder / ".gitignore";
  if (!std::filesystem::exists(ignore, error)) {
    try {
      base::write_file_atomic(ignore, "*\n");
    } catch (const Error& failure) {
      throw Error(ExitCode::precheck, failure.message(), failure.hint());
    }
  }
}

}  // namespace fresh::state
