#include "scenarios/secret_search.h"

#include "base/lines.h"
#include "scenarios/project.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <stdexcept>

namespace fresh::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* credentials = ".fresh-clone/credentials";
constexpr const char* key_file = ".vault-keys";
/// {"label":["io.freshclone.tool"]}
constexpr const char* ours = "%7B%22label%22%3A%5B%22io.freshclone.tool%22%5D%7D";
/// Words of a file in the lowest layer of the images: whoever does not find them did not see the layers.
constexpr const char* in_a_layer = "VERSION_CODENAME=bookworm";

/// The letters of `value` in base64 when `shift` bytes stand before it, without those that depend on
/// neighbours.
std::string base64_of(const std::string& value, std::size_t shift) {
  static constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::string bytes = std::string(shift, '\0') + value;
  std::string text;
  for (std::size_t i = 0; i + 2 < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = i; j < i + 3; ++j) {
      group = group << 8U | static_cast<unsigned char>(bytes[j]);
    }
    for (const unsigned bits : {18U, 12U, 6U, 0U}) {
      text += letters[group >> bits & 63U];
    }
  }
  return text.substr(shift == 0 ? 0 : shift + 1);
}

std::string ask(const fs::path& socket, const std::string& path) {
  return must({"curl", "-sSf", "-m", "60", "--unix-socket", socket.string(), "http://d/v1.41" + path});
}

std::string name_of(const json& container) {
  return container["Names"][0].get<std::string>();
}

void expect_none(const Finds& finds) {
  for (const auto& find : finds) {
    ADD_FAILURE() << "a secret is in " << find;
  }
}

/// Each credential in its own file, the vault's in its key file.
bool belongs_there(const std::string& find) {
  const auto colon = find.rfind(": ");
  const std::string place = find.substr(0, colon);
  const std::string name = find.substr(colon + 2);
  return place == std::string(credentials) + "/" + name || (place == key_file && name.starts_with("vault "));
}

void expect_engine_holds_none(const SecretSearch& search, const fs::path& socket) {
  const auto containers = json::parse(ask(socket, std::string("/containers/json?all=1&filters=") + ours));
  EXPECT_FALSE(containers.empty()) << "no stack runs: there is nothing to look through";
  bool found_its_own = false;
  for (const auto& container : containers) {
    const std::string id = container["Id"];
    const std::string name = name_of(container);
    auto finds = search.in(ask(socket, "/containers/" + id + "/json"), name);
    // Its administrator's password is the server's own, and read from its environment.
    const std::size_t all = finds.size();
    std::erase_if(finds, [](const std::string& find) {
      return find.find("opensearch-1: opensearch_initial_admin_password") != std::string::npos;
    });
    found_its_own = found_its_own || finds.size() < all;
    expect_none(finds);
    expect_none(
        search.in(ask(socket, "/containers/" + id + "/logs?stdout=1&stderr=1"), "the log of " + name));
  }
  const bool has_search_server = std::any_of(containers.begin(), containers.end(), [](const json& one) {
    return name_of(one).find("opensearch") != std::string::npos;
  });
  EXPECT_EQ(found_its_own, has_search_server) << "the search does not find what is there";
  expect_none(search.in(ask(socket, "/networks"), "networks"));
  expect_none(search.in(ask(socket, "/volumes"), "volumes"));
  // Also those of the seeder and the notebooks, whose containers are gone; not those that only fetch and
  // compile.
  std::set<std::string> images;
  for (const auto& image : json::parse(ask(socket, "/images/json"))) {
    for (const auto& tag : image["RepoTags"].is_array() ? image["RepoTags"] : json::array()) {
      const auto text = tag.get<std::string>();
      if (text.starts_with("localhost/") && text.find("/fetch:") == std::string::npos &&
          text.find("/go:") == std::string::npos) {
        images.insert(text);
      }
    }
  }
  std::string names;
  for (const auto& image : images) {
    names += (names.empty() ? "?names=" : "&names=") + image;
    expect_none(search.in(ask(socket, "/images/" + image + "/json"), image));
    expect_none(search.in(ask(socket, "/images/" + image + "/history"), "the history of " + image));
  }
  expect_none(search.in_answer(socket, "/images/get" + names, "the layers of the images", in_a_layer));
}

}  // namespace

SecretSearch::SecretSearch(const fs::path& project) : temporary_("fresh-secrets") {
  std::map<std::string, std::string> secrets;
  for (const auto& entry : fs::directory_iterator(project / credentials)) {
    secrets[entry.path().filename()] = base::trimmed(base::read_file(entry.path()));
  }
  if (const auto text = base::read_file_if_exists(project / key_file)) {
    const auto keys = json::parse(*text);
    secrets["vault root token"] = keys.at("root_token");
    for (const auto& key : keys.at("keys")) {
      secrets["vault key " + std::to_string(secrets.size())] = key;
    }
  }
  count_ = secrets.size();
  std::string patterns;
  for (const auto& [name, value] : secrets) {
    if (value.size() < 16) {
      throw std::runtime_error("'" + name + "' is too short to be looked for");
    }
    values_[value] = name;
    for (const std::size_t shift : {0U, 1U, 2U}) {
      values_[base64_of(value, shift)] = name;
    }
  }
  for (const auto& [form, name] : values_) {
    patterns += form + "\n";
  }
  base::write_file_atomic(temporary_.path() / "patterns", patterns, 0600);
}

Finds SecretSearch::named(const std::string& lines, const std::string& place) const {
  std::set<std::string> finds;
  for (std::string_view rest = lines; !rest.empty();) {
    const std::string line(base::next_line(rest));
    const auto colon = line.rfind(':');
    const std::string file = colon == std::string::npos ? place : line.substr(0, colon);
    if (const auto value = values_.find(line.substr(colon + 1)); value != values_.end()) {
      finds.insert(file + ": " + value->second);
    }
  }
  return {finds.begin(), finds.end()};
}

Finds SecretSearch::in(const std::string& text, const std::string& place) const {
  std::set<std::string> finds;
  for (const auto& [form, name] : values_) {
    if (text.find(form) != std::string::npos) {
      finds.insert(place + ": " + name);
    }
  }
  return {finds.begin(), finds.end()};
}

Finds SecretSearch::in_folder(const fs::path& folder) const {
  const std::string found = must({"sh", "-c", "LC_ALL=C grep -raoF -f \"$0\" . || test $? = 1",
                                  (temporary_.path() / "patterns").string()},
                                 folder);
  Finds finds = named(found, {});
  for (auto& find : finds) {
    find.erase(0, find.starts_with("./") ? 2 : 0);
  }
  return finds;
}

Finds SecretSearch::in_answer(const fs::path& socket, const std::string& path, const std::string& place,
                              const std::string& marker) const {
  const std::string found =
      must({"bash", "-c",
            "set -o pipefail; curl -sSf -m 170 --unix-socket \"$1\" \"http://d/v1.41$2\" | "
            "LC_ALL=C grep -aoF -f \"$0\" -e \"$3\" | sort | uniq",
            (temporary_.path() / "patterns").string(), socket.string(), path, marker});
  if (found.find(marker) == std::string::npos) {
    throw std::runtime_error(place + ": the answer holds no " + marker);
  }
  return named(found, place);
}

void expect_no_secret_outside(const fs::path& project, const fs::path& socket) {
  const SecretSearch search(project);
  ASSERT_GT(search.count(), 0U);
  // The folder of the project, and beside it what its commands printed.
  auto finds = search.in_folder(project);
  const std::size_t all = finds.size();
  std::erase_if(finds, belongs_there);
  EXPECT_EQ(all - finds.size(), search.count()) << "not every secret was found in its own file";
  expect_none(finds);
  for (const auto& entry : fs::directory_iterator(project.parent_path())) {
    if (entry.path().filename().string().starts_with("command")) {
      expect_none(search.in_folder(entry.path()));
    }
  }
  expect_engine_holds_none(search, socket);
}

}  // namespace fresh::test
