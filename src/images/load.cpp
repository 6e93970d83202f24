#include "images/load.h"

#include "document/fields.h"
#include "document/project_path.h"
#include "document/refuse.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace fresh::images {
namespace {

namespace fs = std::filesystem;
using document::Fields;
using document::Node;
using document::project_path;
using document::refuse;

constexpr std::string_view digest_prefix = "sha256:";
constexpr std::size_t digest_size = digest_prefix.size() + 64;

/// What both engines accept in a name; the tag may hold capitals.
bool is_image_name(std::string_view name) {
  const std::size_t tag = name.rfind(':');
  if (tag == std::string_view::npos || tag == 0 || tag + 1 == name.size() ||
      name.find('/', tag) != std::string_view::npos) {
    return false;
  }
  const auto small = [](char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') ||
           std::string_view("._-/:").find(byte) != std::string_view::npos;
  };
  const auto any = [&](char byte) { return small(byte) || (byte >= 'A' && byte <= 'Z'); };
  const std::string_view head = name.substr(0, tag);
  const std::string_view tail = name.substr(tag + 1);
  return std::all_of(head.begin(), head.end(), small) && std::all_of(tail.begin(), tail.end(), any) &&
         head.find("//") == std::string_view::npos && head.front() != '/' && head.back() != '/';
}

bool is_digest(std::string_view text) {
  return text.size() == digest_size && text.starts_with(digest_prefix) &&
         text.find_first_not_of("0123456789abcdef", digest_prefix.size()) == std::string_view::npos;
}

std::vector<std::string> sorted_once(std::vector<std::string> texts) {
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  return texts;
}

/// Debian Policy 5.6.1, with the architecture that apt allows behind a colon.
bool is_package_name(std::string_view name) {
  constexpr std::string_view letters_and_digits = "abcdefghijklmnopqrstuvwxyz0123456789";
  const auto colon = name.find(':');
  const std::string_view package = name.substr(0, colon);
  const std::string_view architecture = colon == std::string_view::npos ? "any" : name.substr(colon + 1);
  return package.size() > 1 && letters_and_digits.find(package[0]) != std::string_view::npos &&
         package.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789+.-") == std::string_view::npos &&
         !architecture.empty() &&
         architecture.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

/// A distribution's name as archives have it: `bookworm`, `bookworm-backports`.
void check_suite(const Node& node) {
  const std::string& suite = node.text();
  if (suite.empty() || suite[0] < 'a' || suite[0] > 'z' ||
      suite.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") != std::string::npos) {
    refuse(node.place, fmt::format("'{}' is no suite of Debian", suite), "write it like bookworm");
  }
}

/// The package sets that mmdebstrap knows and that make a root file system (mmdebstrap(1), VARIANTS).
void check_variant(const Node& node) {
  static const std::vector<std::string> known{"essential", "apt",       "required",    "minbase",
                                              "buildd",    "important", "debootstrap", "standard"};
  if (std::find(known.begin(), known.end(), node.text()) == known.end()) {
    refuse(node.place, fmt::format("'{}' is no variant of mmdebstrap", node.text()),
           fmt::format("use one of {}", fmt::join(known, ", ")));
  }
}

std::vector<std::string> load_packages(Fields& fields) {
  std::vector<std::string> packages;
  for (const Node& node : fields.word_nodes("packages")) {
    if (!is_package_name(node.text())) {
      refuse(node.place, fmt::format("'{}' is no name of a Debian package", node.text()),
             "use lower-case letters, digits, '+', '-' and '.', at least two, a letter or digit first");
    }
    packages.push_back(node.text());
  }
  return sorted_once(std::move(packages));
}

BaseSource load_base(const Node& node, const std::string& name) {
  Fields fields(node, "base");
  check_suite(fields.require("suite"));
  BaseSource base{.suite = fields.text("suite"),
                  .variant = fields.text("variant", "minbase"),
                  .packages = load_packages(fields),
                  .lock = fmt::format("images/{}.packages.lock", short_name(name))};
  if (fields.has("variant")) {
    check_variant(*fields.find("variant"));
  }
  if (const Node* lock = fields.find("lock")) {
    base.lock = project_path(*lock);
  }
  fields.finish();
  return base;
}

FetchStep load_fetch(const Node& node) {
  Fields fields(node, "fetch");
  FetchStep fetch{.image = fields.word("image"),
                  .command = {},
                  .timeout = fields.timeout("timeout", FetchStep{}.timeout)};
  const Node& run = fields.require("run");
  fetch.command = fields.texts("run");
  if (!run.is_list()) {
    fetch.command.insert(fetch.command.begin(), {"/bin/sh", "-ec"});
  }
  if (fetch.command.empty() || fetch.command.back().empty()) {
    refuse(run.place, "'run' is empty", "give the command that puts the inputs into /out");
  }
  fields.finish();
  return fetch;
}

BuildSource load_build(Fields& fields, const fs::path& project) {
  const Node& folder = fields.require("build");
  BuildSource build{.from = fields.word("from"),
                    .folder = project_path(folder),
                    .dockerfile = fields.text("dockerfile", "Dockerfile"),
                    .lock = {},
                    .fetch = {},
                    .arguments = fields.text_map("args")};
  if (!fs::is_directory(project / build.folder)) {
    refuse(folder.place, fmt::format("the folder '{}' does not exist", build.folder),
           "make it, or mend its name here");
  }
  if (const Node* dockerfile = fields.find("dockerfile")) {
    build.dockerfile = project_path(*dockerfile);
  }
  if (!fs::is_regular_file(project / build.folder / build.dockerfile)) {
    refuse(folder.place, fmt::format("the folder '{}' has no '{}'", build.folder, build.dockerfile),
           "add it, or name another with 'dockerfile'");
  }
  const Node* lock = fields.find("lock");
  if (const Node* fetch = fields.find("fetch")) {
    build.fetch = load_fetch(*fetch);
    build.lock = lock != nullptr
                     ? project_path(*lock)
                     : (fs::path(build.folder) / "inputs.lock").lexically_normal().generic_string();
  } else if (lock != nullptr) {
    refuse(lock->place, "'lock' without 'fetch': nothing brings the locked inputs",
           "declare fetch: {image, run}");
  }
  return build;
}

PullSource load_pull(Fields& fields) {
  PullSource pull{.policy = PullPolicy::missing,
                  .digest = fields.text("digest", ""),
                  .user_variable = {},
                  .password_variable = {},
                  .verify_tls = fields.boolean("tls_verify", true),
                  .platform = fields.word("platform", "")};
  const Node& policy = fields.require("pull");
  if (policy.text() == "always") {
    pull.policy = PullPolicy::always;
  } else if (policy.text() == "never") {
    pull.policy = PullPolicy::never;
  } else if (policy.text() != "missing") {
    refuse(policy.place, fmt::format("'pull' takes missing, always or never, found '{}'", policy.text()),
           "'missing' pulls only what the engine does not have");
  }
  if (const Node* digest = fields.find("digest"); digest != nullptr && !is_digest(pull.digest)) {
    refuse(digest->place, fmt::format("'{}' is no digest: expected sha256: and 64 hex digits", pull.digest),
           "take it from the registry, or from 'images.json' of a run");
  }
  if (const Node* auth = fields.find("auth")) {
    Fields names(*auth, "auth");
    pull.user_variable = names.word("user");
    pull.password_variable = names.word("password");
    names.finish();
  }
  return pull;
}

ImageSpec load_image(const Node& node, const fs::path& project) {
  Fields fields(node, "image");
  const Node& name = fields.require("name");
  if (!is_image_name(name.text())) {
    refuse(name.place, fmt::format("'{}' is no image name with a tag", name.text()),
           "write it as localhost/name:1");
  }
  ImageSpec spec{.name = name.text(), .source = {}, .place = name.place};
  const Node* base = fields.find("base");
  const bool build = fields.has("build");
  const bool pull = fields.has("pull");
  if ((base != nullptr ? 1 : 0) + (build ? 1 : 0) + (pull ? 1 : 0) != 1) {
    refuse(name.place, fmt::format("image '{}' needs exactly one of 'base', 'build' and 'pull'", spec.name),
           "say where it comes from: base: {suite: ..., packages: [...]}, build: FOLDER, or pull: missing");
  }
  if (base != nullptr) {
    spec.source = load_base(*base, spec.name);
  } else if (build) {
    spec.source = load_build(fields, project);
  } else {
    spec.source = load_pull(fields);
  }
  fields.finish();
  return spec;
}

void check_reference(const std::vector<ImageSpec>& specs, const ImageSpec& spec, const std::string& name,
                     std::string_view key) {
  std::vector<std::string> names;
  for (const ImageSpec& other : specs) {
    if (other.name == name) {
      return;
    }
    names.push_back(other.name);
  }
  refuse(spec.place,
         fmt::format("image '{}': '{}' names '{}', which is not in the list of images", spec.name, key, name),
         document::nearest_hint(name, names, "declare it under images"));
}

}  // namespace

std::string short_name(const std::string& name) {
  const std::string path = name.substr(0, name.rfind(':'));
  return path.substr(path.rfind('/') + 1);
}

std::vector<ImageSpec> load(const Node& list, const fs::path& project_folder) {
  std::vector<ImageSpec> specs;
  if (list.is_null()) {
    return specs;
  }
  if (!list.is_list()) {
    refuse(list.place, fmt::format("'images' takes a list, found {}", document::shown(list.kind)),
           "begin each image with '- name: localhost/name:1'");
  }
  for (const Node& item : list.items) {
    ImageSpec spec = load_image(item, project_folder);
    const auto same =
        std::find_if(specs.begin(), specs.end(), [&](const auto& other) { return other.name == spec.name; });
    if (same != specs.end()) {
      refuse(spec.place,
             fmt::format("image '{}' is declared twice, first at {}", spec.name, same->place.text()),
             "remove one of the two");
    }
    specs.push_back(std::move(spec));
  }
  for (const ImageSpec& spec : specs) {
    if (const auto* build = std::get_if<BuildSource>(&spec.source)) {
      check_reference(specs, spec, build->from, "from");
      if (build->fetch) {
        check_reference(specs, spec, build->fetch->image, "fetch.image");
      }
    }
  }
  return specs;
}

}  // namespace fresh::images
