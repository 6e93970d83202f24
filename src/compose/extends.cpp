#include "compose/canonical.h"
#include "compose/merge.h"
#include "compose/model_loader.h"
#include "compose/tree.h"
#include "compose/unique.h"
#include "document/refuse.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace fresh::compose {

using document::Node;
using std::filesystem::path;

namespace {

constexpr std::size_t longest_chain = 100;

struct Reference {
  std::string service;
  std::string file;
};

Reference reference_of(const Node& extends) {
  if (extends.is_scalar() && !extends.is_null()) {
    return {extends.scalar, {}};
  }
  const Node* service = extends.find("service");
  if (service == nullptr || service->kind != document::Kind::text) {
    document::refuse(extends.place, "'extends' names no service", "write 'extends: {service: name}'");
  }
  const Node* file = extends.find("file");
  if (file != nullptr && !file->is_null() && file->kind != document::Kind::text) {
    document::refuse(file->place,
                     fmt::format("the 'file' of 'extends' takes text, found {}", shown(file->kind)),
                     "write the path of a compose file");
  }
  if (file != nullptr && !file->is_null() && file->scalar.empty()) {
    document::refuse(file->place, "the 'file' of 'extends' is empty",
                     "write the path of a compose file; without the key, this file is meant");
  }
  return {service->scalar, file == nullptr || file->is_null() ? std::string() : file->scalar};
}

std::vector<std::string> names_of(const Node& services) {
  std::vector<std::string> names;
  for (const auto& entry : services.entries) {
    names.push_back(entry.key);
  }
  return names;
}

[[noreturn]] void refuse_unknown(const Node& extends, const Reference& reference, const std::string& file,
                                 const Node& services) {
  document::refuse(
      extends.place,
      fmt::format("this extends the service '{}', which {} does not have", reference.service, file),
      document::nearest_hint(reference.service, names_of(services),
                             "name a service of that file; one that is included cannot be extended"));
}

Node& services_of(Node& file) {
  Node* services = file.find("services");
  if (!services->is_map()) {
    document::refuse(services->place, fmt::format("'services' takes a map, found {}", shown(services->kind)),
                     "write 'name:' and the service's keys below it");
  }
  return *services;
}

}  // namespace

void ModelLoader::apply_extends(Node& file, const path& path, const Scope& scope, const Tags& tags) {
  if (file.find("services") == nullptr) {
    return;
  }
  Node& services = services_of(file);
  for (std::size_t i = 0; i < services.entries.size(); ++i) {
    if (services.entries[i].value.find("extends") != nullptr) {
      Extending extending{.scope = scope, .file = path, .services = services, .tags = tags, .chain = {}};
      extend(services.entries[i].key, extending);
    }
  }
}

ModelLoader::Bases& ModelLoader::bases_of(const path& file, const Scope& scope, const Node& asked) {
  const auto known = bases_.find(file);
  if (known != bases_.end()) {
    return known->second;
  }
  if (!read_at(asked.place, request_.read, file)) {
    document::refuse(asked.place, fmt::format("the file '{}' does not exist", shown(file)),
                     "create it, or mend the path");
  }
  Bases bases{.root = map_value({}), .tags = {}};
  for (const auto& node : documents(file)) {
    Node document = node;
    interpolate_document(document, scope);
    bases.tags = take_tags(document);
    remove_paths(bases.root, bases.tags);
    bases.root = merge(std::move(bases.root), std::move(document));
    if (bases.root.find("services") != nullptr) {
      services_of(bases.root);
    }
    make_unique(bases.root);
    make_canonical(bases.root, !request_.interpolate);
    make_unique(bases.root);
  }
  if (bases.root.find("services") == nullptr) {
    document::refuse(asked.place, fmt::format("the file '{}' has no services to extend", shown(file)),
                     "name a compose file with the service");
  }
  resolve_paths(bases.root,
                {.working_folder = relative_folder(file.parent_path(), scope.folder), .home = home_});
  more_files_.push_back(file);
  return bases_.emplace(file, std::move(bases)).first->second;
}

void ModelLoader::extend(const std::string& name, Extending& extending) {
  Node& service = *extending.services.find(name);
  const Node* written = service.find("extends");
  if (written == nullptr || written->is_null()) {
    return;
  }
  const Node extends = *written;
  const Reference reference = reference_of(extends);
  const std::string here = fmt::format("{} in {}", name, shown(extending.file));
  const bool seen = std::find(extending.chain.begin(), extending.chain.end(), here) != extending.chain.end();
  extending.chain.push_back(here);
  if (seen || extending.chain.size() > longest_chain) {
    document::refuse(extends.place,
                     seen ? fmt::format("'extends' goes in a circle: {}", fmt::join(extending.chain, " -> "))
                          : fmt::format("'extends' goes on over more than {} services", longest_chain),
                     "remove one of these 'extends'");
  }
  Extending next{.scope = extending.scope,
                 .file = extending.file,
                 .services = extending.services,
                 .tags = extending.tags,
                 .chain = extending.chain};
  if (reference.file.empty()) {
    if (extending.services.find(reference.service) == nullptr) {
      refuse_unknown(extends, reference, shown(extending.file), extending.services);
    }
    extend(reference.service, next);
  } else {
    next.file = absolute_path(reference.file, {.working_folder = extending.scope.folder, .home = home_});
    Bases& bases = bases_of(next.file, extending.scope, extends);
    next.tags.insert(next.tags.end(), bases.tags.begin(), bases.tags.end());
    Extending there{.scope = next.scope,
                    .file = next.file,
                    .services = services_of(bases.root),
                    .tags = next.tags,
                    .chain = next.chain};
    if (there.services.find(reference.service) == nullptr) {
      refuse_unknown(extends, reference, shown(next.file), there.services);
    }
    extend(reference.service, there);
  }
  Node& services = reference.file.empty() ? extending.services : services_of(bases_.at(next.file).root);
  Node base = *services.find(reference.service);
  Node& own = *extending.services.find(name);
  if (base.is_null() || !own.is_map()) {
    return;
  }
  remove_paths(base, below_service(next.tags, name));
  own = merge_service(std::move(base), std::move(own), name);
  erase(own, "extends");
}

}  // namespace fresh::compose
