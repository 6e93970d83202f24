#include "images/load.h"

#include "document/fields.h"
#include "document/refuse.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>

namespace fresh::images {
namespace {

namespace fs = std::filesystem;
using document::Fields;
using document::Node;
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

/// A path below the project, in canonical form.
std::string project_path(const Node& node) {
  const fs::path path = fs::path(node.text()).lexically_normal();
  if (path.is_absolute() || *path.begin() == "..") {
    refuse(node.place, fmt::format("'{}' is not inside the project", node.text()),
           "give a path relative to the folder of fresh-clone.yaml");
  }
  std::string text = path.generic_string();
  while (text.size() > 1 && text.ends_with('/')) {
    text.pop_back();
  }
  return text;
}

std::vector<std::string> sorted_once(std::vector<std::string> texts) {
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  return texts;
}

void check_packages(const Node* node) {
  if (node == nullptr || !node->is_list()) {
    return;
  }
  for (const Node& item : node->items) {
    const std::string& name = item.text();
    const bool plain =
        !name.empty() && name.front() != '-' &&
        name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789+-.:") == std::string::npos;
    if (!plain) {
      refuse(item.place, fmt::format("'{}' is no name of a Debian package", name));
    }
  }
}

BaseSource load_base(const Node& node, const std::string& name) {
  Fields fields(node, "base");
  BaseSource base{.suite = fields.text("suite"),
                  .variant = fields.text("variant", "minbase"),
                  .packages = sorted_once(fields.texts("packages")),
                  .lock = fmt::format("images/{}.packages.lock", short_name(name))};
  check_packages(fields.find("packages"));
  for (const char* key : {"suite", "variant"}) {
    const Node* value = fields.find(key);
    if (value != nullptr && (value->text().empty() || value->text().front() == '-')) {
      refuse(value->place, fmt::format("'{}' is no {} of Debian", value->text(), key));
    }
  }
  if (const Node* lock = fields.find("lock")) {
    base.lock = project_path(*lock);
  }
  fields.finish();
  return base;
}

FetchStep load_fetch(const Node& node) {
  Fields fields(node, "fetch");
  FetchStep fetch{.image = fields.text("image"),
                  .command = {},
                  .timeout = fields.duration("timeout", FetchStep{}.timeout)};
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
  BuildSource build{.from = fields.text("from"),
                    .folder = project_path(folder),
                    .dockerfile = fields.text("dockerfile", "Dockerfile"),
                    .lock = {},
                    .fetch = {},
                    .arguments = fields.text_map("args")};
  if (!fs::is_directory(project / build.folder)) {
    refuse(folder.place, fmt::format("the folder '{}' does not exist", build.folder));
  }
  if (const Node* dockerfile = fields.find("dockerfile")) {
    build.dockerfile = project_path(*dockerfile);
  }
  if (!fs::is_regular_file(project / build.folder / build.dockerfile)) {
    refuse(folder.place, fmt::format("the folder '{}' has no '{}'", build.folder, build.dockerfile));
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
                  .platform = fields.text("platform", "")};
  const Node& policy = fields.require("pull");
  if (policy.text() == "always") {
    pull.policy = PullPolicy::always;
  } else if (policy.text() == "never") {
    pull.policy = PullPolicy::never;
  } else if (policy.text() != "missing") {
    refuse(policy.place, fmt::format("'pull' takes missing, always or never, found '{}'", policy.text()));
  }
  if (const Node* digest = fields.find("digest"); digest != nullptr && !is_digest(pull.digest)) {
    refuse(digest->place, fmt::format("'{}' is no digest: expected sha256: and 64 hex digits", pull.digest));
  }
  if (const Node* auth = fields.find("auth")) {
    Fields names(*auth, "auth");
    pull.user_variable = names.text("user");
    pull.password_variable = names.text("password");
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
    refuse(name.place, fmt::format("image '{}' needs exactly one of 'base', 'build' and 'pull'", spec.name));
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
  const std::string near = document::nearest(name, names);
  refuse(spec.place,
         fmt::format("image '{}': '{}' names '{}', which is not in the list of images", spec.name, key, name),
         near.empty() ? "declare it under images" : fmt::format("did you mean '{}'?", near));
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
    refuse(list.place, fmt::format("'images' takes a list, found {}", document::shown(list.kind)));
  }
  for (const Node& item : list.items) {
    ImageSpec spec = load_image(item, project_folder);
    const auto same =
        std::find_if(specs.begin(), specs.end(), [&](const auto& other) { return other.name == spec.name; });
    if (same != specs.end()) {
      refuse(spec.place,
             fmt::format("image '{}' is declared twice, first at {}", spec.name, same->place.text()));
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
