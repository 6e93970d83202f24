#include "compose/load.h"

#include "base/error.h"
#include "base/file.h"
#include "compose/canonical.h"
#include "compose/check.h"
#include "compose/env_file.h"
#include "compose/interpolate.h"
#include "compose/merge.h"
#include "compose/normalise.h"
#include "compose/read_resources.h"
#include "compose/read_service.h"
#include "compose/tree.h"
#include "compose/unique.h"
#include "document/load_yaml.h"
#include "document/refuse.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

namespace fresh::compose {
namespace {

using document::Node;
using std::filesystem::path;

std::string shown_name(const path& file, const LoadRequest& request) {
  if (request.shown_below.empty()) {
    return file.string();
  }
  const path relative = file.lexically_relative(request.shown_below);
  return relative.empty() || relative.string().starts_with("..") ? file.string() : relative.string();
}

std::string read(const path& file, const LoadRequest& request) {
  auto text = request.read(file);
  if (!text) {
    throw base::Error(base::ExitCode::precheck,
                      fmt::format("the file '{}' does not exist", shown_name(file, request)),
                      "create it, or mend the path");
  }
  return *std::move(text);
}

/// The files to merge: each followed by its overlay. An overlay that no file has is refused, not skipped.
std::vector<path> with_overlays(const LoadRequest& request) {
  std::vector<path> result;
  std::string looked_for;
  bool found = request.overlay.empty();
  for (const auto& file : request.files) {
    result.push_back(file);
    if (request.overlay.empty()) {
      continue;
    }
    path overlay = file;
    overlay.replace_extension("." + request.overlay + file.extension().string());
    if (request.read(overlay)) {
      result.push_back(overlay);
      found = true;
    }
    looked_for += (looked_for.empty() ? "" : ", ") + shown_name(overlay, request);
  }
  if (!found) {
    throw base::Error(base::ExitCode::precheck,
                      fmt::format("no compose file for the environment '{}'", request.overlay),
                      fmt::format("create {}, or name another environment", looked_for));
  }
  return result;
}

using Variables = std::map<std::string, std::string, std::less<>>;

Variables variables(const LoadRequest& request, const path& folder) {
  Variables result(request.environment.begin(), request.environment.end());
  const Lookup lookup = [&](std::string_view name) -> std::optional<std::string> {
    const auto found = result.find(name);
    return found == result.end() ? std::nullopt : std::optional(found->second);
  };
  Variables own;
  const auto add = [&](const path& file, const std::string& text) {
    for (const auto& variable : parse_env_file(text, shown_name(file, request), lookup)) {
      if (variable.value) {
        own[variable.name] = *variable.value;
      }
    }
  };
  for (const auto& file : request.env_files) {
    add(file, read(file, request));
  }
  if (request.env_files.empty()) {
    if (const auto text = request.read(folder / ".env")) {
      add(folder / ".env", *text);
    }
  }
  result.insert(own.begin(), own.end());
  return result;
}

void refuse_unknown_top(const Node& root) {
  static const std::vector<std::string> known{"configs", "include",  "models",  "name",   "networks",
                                              "secrets", "services", "version", "volumes"};
  for (const auto& entry : root.entries) {
    if (entry.key == "include") {
      document::refuse(entry.key_place, "'include' is not supported", "name the files together instead");
    }
    if (entry.key.starts_with("x-") || std::find(known.begin(), known.end(), entry.key) != known.end()) {
      continue;
    }
    const std::string near = document::nearest(entry.key, known);
    document::refuse(entry.key_place, fmt::format("unknown key '{}'", entry.key),
                     near.empty() ? "keys are name, services, networks, volumes, secrets, configs"
                                  : fmt::format("did you mean '{}'?", near));
  }
}

Node merged_files(const std::vector<path>& files, const LoadRequest& request, const Lookup& lookup,
                  Project& project) {
  std::set<std::string> unset;
  Node root = map_value({});
  for (const auto& file : files) {
    Node node = document::load_yaml(read(file, request), shown_name(file, request));
    if (node.is_null()) {
      continue;
    }
    if (!node.is_map()) {
      document::refuse(node.place, fmt::format("a compose file is a map, found {}", shown(node.kind)));
    }
    refuse_unknown_top(node);
    std::vector<std::string> missing;
    interpolate(node, lookup, missing);
    unset.insert(missing.begin(), missing.end());
    root = root.entries.empty() ? merged_alone(std::move(node)) : merge(std::move(root), node);
  }
  for (const auto& name : unset) {
    project.warnings.push_back(fmt::format("the variable {} is not set and counts as empty", name));
  }
  return root;
}

std::string project_name(const LoadRequest& request, const Variables& environment, const Node& root,
                         const path& folder) {
  std::string name = request.project_name;
  if (const auto found = environment.find("COMPOSE_PROJECT_NAME");
      name.empty() && found != environment.end()) {
    name = found->second;
  }
  const Node* written = root.find("name");
  if (name.empty() && written != nullptr && !written->is_null()) {
    name = written->text();
  }
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  if (name.empty()) {
    for (char c : folder.filename().string()) {
      c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
      name += allowed(c) ? std::string(1, c) : std::string();
    }
    name.erase(0, name.find_first_not_of("_-"));
  }
  const bool good =
      !name.empty() && std::all_of(name.begin(), name.end(), allowed) && name[0] != '-' && name[0] != '_';
  if (!good) {
    throw base::Error(base::ExitCode::precheck, fmt::format("'{}' is no project name", name),
                      "use lower-case letters, digits, '-' and '_', beginning with a letter or digit");
  }
  return name;
}

std::set<std::string> active_profiles(const LoadRequest& request, const Variables& environment) {
  std::set<std::string> result(request.profiles.begin(), request.profiles.end());
  if (const auto found = environment.find("COMPOSE_PROFILES"); found != environment.end()) {
    std::string_view rest = found->second;
    while (!rest.empty()) {
      const auto comma = std::min(rest.find(','), rest.size());
      result.emplace(rest.substr(0, comma));
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  return result;
}

bool is_active(const Service& service, const std::set<std::string>& profiles) {
  return service.profiles.empty() || profiles.contains("*") ||
         std::any_of(service.profiles.begin(), service.profiles.end(),
                     [&](const std::string& profile) { return profiles.contains(profile); });
}

void read_services(const Node& root, const std::set<std::string>& profiles, Project& project) {
  for (const auto& entry : root.find("services")->entries) {
    std::vector<Ignored> ignored;
    Service service = read_service(entry.key, entry.value, ignored);
    if (service.image.empty() && service.build) {
      service.image = fmt::format("{}-{}", project.name, service.name);
    }
    if (is_active(service, profiles)) {
      project.services.emplace(entry.key, std::move(service));
      project.ignored.insert(project.ignored.end(), ignored.begin(), ignored.end());
    } else {
      project.inactive.push_back(entry.key);
    }
  }
  std::sort(project.inactive.begin(), project.inactive.end());
}

}  // namespace

std::string_view shown(Condition condition) {
  switch (condition) {
    case Condition::started:
      return "service_started";
    case Condition::healthy:
      return "service_healthy";
    case Condition::completed:
      return "service_completed_successfully";
  }
  return "service_started";
}

std::optional<std::string> read_from_disk(const path& file) {
  return base::read_file_if_exists(file);
}

Project load(const LoadRequest& request) {
  if (request.files.empty()) {
    throw base::Error(base::ExitCode::precheck, "no compose file is given", "name one under 'stack.files'");
  }
  Project project;
  project.working_folder =
      request.working_folder.empty() ? request.files.front().parent_path() : request.working_folder;
  project.files = with_overlays(request);
  const Variables environment = variables(request, project.working_folder);
  const Lookup lookup = [&](std::string_view name) -> std::optional<std::string> {
    const auto found = environment.find(name);
    return found == environment.end() ? std::nullopt : std::optional(found->second);
  };
  Node root = merged_files(project.files, request, lookup, project);
  project.name = project_name(request, environment, root, project.working_folder);
  const Node* services = root.find("services");
  if (services == nullptr || !services->is_map()) {
    document::refuse(services == nullptr ? root.place : services->place,
                     "a compose file needs a map 'services'", "add 'services:'");
  }
  const PathBase base{.working_folder = project.working_folder, .home = lookup("HOME").value_or("")};
  make_canonical(root, base);
  make_unique(root);
  normalise(root, {.project_name = project.name, .base = base, .lookup = lookup, .read = request.read});
  read_services(root, active_profiles(request, environment), project);
  if (project.services.empty() && project.inactive.empty()) {
    document::refuse(root.find("services")->place, "this project has no services");
  }
  const MaterialSource source{.wanted = request.materials, .read = request.read, .variable = lookup};
  read_resources(root, source, project);
  if (root.find("models") != nullptr) {
    project.ignored.push_back({"models", root.find("models")->place});
  }
  check(project);
  for (const auto& name : project.inactive) {
    erase(*root.find("services"), name);
  }
  erase(root, "version");
  set(root, "name", text_value(project.name, {}));
  project.canonical = std::move(root);
  return project;
}

}  // namespace fresh::compose
