#include "vault/key_file.h"

#include "base/error.h"
#include "base/file.h"
#include "trust/private_file.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace fresh::vault {
namespace {

using base::Error;
using base::ExitCode;
using nlohmann::json;

constexpr const char* format = "fresh-clone.vault-keys/1";
constexpr std::size_t room = 16384;
constexpr const char* if_read =
    "the vault is theirs too: 'fresh-clone down -v' removes it, the next start makes a new one";

std::string text_of(const Keys& keys) {
  return json{{"format", format},
              {"engine", keys.home.engine},
              {"holders", keys.home.holders},
              {"threshold", keys.threshold},
              {"keys", keys.unseal},
              {"root_token", keys.root_token}}
             .dump(2) +
         "\n";
}

/// Nothing for a text that is no whole key file.
std::optional<Keys> parse(const std::string& text) {
  const json value = json::parse(text, nullptr, false);
  if (!value.is_object() || value.value("format", json()) != format) {
    return std::nullopt;
  }
  try {
    Keys keys{.home = {.engine = value.at("engine").get<std::string>(),
                       .holders = value.at("holders").get<std::vector<std::string>>()},
              .threshold = value.at("threshold").get<int>(),
              .unseal = value.at("keys").get<std::vector<std::string>>(),
              .root_token = value.at("root_token").get<std::string>()};
    const bool whole = keys.threshold > 0 && !keys.root_token.empty() &&
                       keys.unseal.size() >= static_cast<std::size_t>(keys.threshold);
    return whole ? std::optional(std::move(keys)) : std::nullopt;
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

void move_file(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::error_code error;
  std::filesystem::rename(from, to, error);
  if (error) {
    throw Error(ExitCode::contract,
                fmt::format("cannot move '{}' to '{}': {}", from.string(), to.string(), error.message()),
                "move it yourself, keep its mode 0600, and run again");
  }
}

}  // namespace

std::vector<std::string> Keys::secrets() const {
  auto all = unseal;
  all.push_back(root_token);
  return all;
}

KeyFile::KeyFile(std::filesystem::path path, std::filesystem::path state_folder)
    : path_(std::move(path)), state_folder_(std::move(state_folder)) {}

bool KeyFile::exists() const {
  const auto is_there = [](const std::filesystem::path& path) {
    return std::filesystem::exists(std::filesystem::symlink_status(path));
  };
  if (!is_there(path_) && is_there(pending())) {
    move_file(pending(), path_);
  }
  return is_there(path_);
}

Keys KeyFile::read() const {
  const base::Doing doing("reading the key file of the vault");
  trust::check_private(path_, {.code = ExitCode::contract, .if_read = if_read});
  auto keys = parse(base::read_file(path_));
  if (!keys) {
    throw Error(ExitCode::contract, fmt::format("the key file '{}' is damaged", path_.string()),
                fmt::format("put your copy of '{}' back (mode 0600); without one the vault cannot be opened "
                            "again: 'fresh-clone down -v' removes its data, the next start makes a new one",
                            path_.filename().string()));
  }
  return *std::move(keys);
}

void KeyFile::check_writable() const {
  const base::Doing doing("looking whether the key file of the vault can be written");
  for (const auto& folder : {state_folder_, path_.parent_path()}) {
    const auto probe = folder / ".vault-keys.room";
    base::write_file_atomic(probe, std::string(room, ' '), 0600);
    std::filesystem::remove(probe);
  }
}

void KeyFile::write(const Keys& keys) const {
  // Not in the folder of the file: git ignores that one name there, not a temporary one.
  base::write_file_atomic(pending(), text_of(keys), 0600);
  if (std::filesystem::exists(std::filesystem::symlink_status(path_))) {
    throw Error(ExitCode::contract,
                fmt::format("'{}' came to be while the vault was initialised", path_.string()),
                fmt::format("its keys are in '{}': move it to '{}'", pending().string(), path_.string()));
  }
  move_file(pending(), path_);
}

std::filesystem::path KeyFile::set_aside(const std::string& stamp) const {
  auto aside = state_folder_ / fmt::format("vault-keys.{}", stamp);
  move_file(path_, aside);
  return aside;
}

void KeyFile::remove() const {
  std::error_code error;
  std::filesystem::remove(path_, error);
  if (error) {
    throw Error(ExitCode::deploy, fmt::format("cannot remove '{}': {}", path_.string(), error.message()),
                "remove it yourself: the vault that it belonged to is gone");
  }
}

std::optional<Keys> KeyFile::read_if_whole() const noexcept {
  try {
    return exists() ? std::optional(read()) : std::nullopt;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

std::vector<std::string> KeyFile::secrets() const noexcept {
  std::vector<std::string> all;
  for (const auto& path : {path_, pending()}) {
    try {
      const auto keys = std::filesystem::is_regular_file(path) ? parse(base::read_file(path)) : std::nullopt;
      const auto secrets = keys ? keys->secrets() : std::vector<std::string>();
      all.insert(all.end(), secrets.begin(), secrets.end());
    } catch (const std::exception&) {
      continue;
    }
  }
  return all;
}

}  // namespace fresh::vault
