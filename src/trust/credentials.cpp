#include "trust/credentials.h"

#include "base/error.h"
#include "base/file.h"
#include "trust/private_file.h"
#include "trust/random.h"

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <sys/stat.h>
#include <system_error>

namespace fresh::trust {
namespace {

using base::Error;
using base::ExitCode;

constexpr std::size_t credential_bytes = 32;
constexpr const char* if_read = "remove it, a new one is generated";

std::string reason(int error_number) {
  return std::system_category().message(error_number);
}

void ensure_folder(const std::filesystem::path& folder) {
  std::error_code error;
  if (folder.has_parent_path()) {
    std::filesystem::create_directories(folder.parent_path(), error);
  }
  // Made private from its first moment, not by a chmod afterwards.
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    throw Error(ExitCode::precheck, fmt::format("cannot make '{}': {}", folder.string(), reason(errno)),
                fmt::format("make '{}' a folder that you can write to", folder.parent_path().string()));
  }
  check_private(folder, {.folder = true, .if_read = if_read});
}

std::string read_kept(const std::filesystem::path& file) {
  std::string value = base::read_file(file);
  while (!value.empty() && (value.back() == '\n' || value.back() == '\r')) {
    value.pop_back();
  }
  if (value.empty()) {
    throw Error(ExitCode::precheck, fmt::format("the credential '{}' is empty", file.string()),
                fmt::format("remove '{}', a new one is generated", file.string()));
  }
  return value;
}

Credential ensure(const std::filesystem::path& folder, const std::string& name) {
  const base::Doing doing("preparing the credential '{}'", name);
  if (!is_credential_name(name)) {
    throw Error(ExitCode::precheck, fmt::format("'{}' cannot be the name of a credential", name),
                credential_name_rule);
  }
  const std::filesystem::path file = folder / name;
  if (!check_private(file, {.if_read = if_read})) {
    std::string value = random_hex(credential_bytes);
    // No newline: programs that read a secret from a file often take it as it is.
    base::write_file_atomic(file, value, 0600);
    return {.name = name, .file = file, .value = std::move(value)};
  }
  return {.name = name, .file = file, .value = read_kept(file)};
}

}  // namespace

bool is_credential_name(std::string_view name) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
  return !name.empty() && name.size() <= 128 && name[0] != '.' &&
         name.find_first_not_of(allowed) == std::string_view::npos;
}

std::vector<Credential> ensure_credentials(const std::filesystem::path& folder,
                                           const std::vector<std::string>& names) {
  ensure_folder(folder);
  std::vector<std::string> sorted = names;
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  std::vector<Credential> credentials;
  for (const auto& name : sorted) {
    credentials.push_back(ensure(folder, name));
  }
  return credentials;
}

std::vector<std::string> kept_values(const std::filesystem::path& folder,
                                     const std::vector<std::string>& names) {
  std::vector<std::string> values;
  for (const auto& name : names) {
    try {
      if (is_credential_name(name) && std::filesystem::is_regular_file(folder / name)) {
        values.push_back(read_kept(folder / name));
      }
    } catch (const std::exception&) {
      continue;  // Who must have it says what is wrong with it.
    }
  }
  return values;
}

std::vector<std::string> values_of(const std::vector<Credential>& credentials) {
  std::vector<std::string> values;
  for (const auto& credential : credentials) {
    values.push_back(credential.value);
  }
  return values;
}

}  // namespace fresh::trust
