#include "compose/config.h"

#include "base/error.h"
#include "compose/tree.h"
#include "document/refuse.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

namespace fresh::compose {
namespace {

using document::Entry;
using document::Node;
using Names = std::set<std::string>;

const Node& services_of(const Node& root) {
  return *root.find("services");
}

std::string text_at(const Node& node, std::string_view key) {
  const Node* found = node.find(key);
  return found == nullptr ? std::string() : found->scalar;
}

[[noreturn]] void refuse_unknown(const Node& services, const std::string& name) {
  std::vector<std::string> known;
  for (const auto& entry : services.entries) {
    known.push_back(entry.key);
  }
  throw base::Error(base::ExitCode::usage, fmt::format("no such service: {}", name),
                    document::nearest_hint(name, known, "see 'fresh-clone config --services'"));
}

/// The services that are shown: active ones, or the named ones with all they depend on.
class Selection {
 public:
  Selection(const Model& model, const std::vector<std::string>& named) : services_(services_of(model.root)) {
    for (const auto& entry : services_.entries) {
      if (!std::binary_search(model.inactive.begin(), model.inactive.end(), entry.key)) {
        active_.insert(entry.key);
      }
    }
    if (named.empty()) {
      chosen_ = active_;
      return;
    }
    for (const auto& name : named) {
      activate_profiles(name);
    }
    for (const auto& name : named) {
      choose(name);
    }
  }

  const Names& active() const { return active_; }
  const Names& chosen() const { return chosen_; }

 private:
  void activate_profiles(const std::string& name) {
    const Node* service = services_.find(name);
    if (service == nullptr) {
      refuse_unknown(services_, name);
    }
    const Node* profiles = service->find("profiles");
    if (active_.contains(name) || profiles == nullptr) {
      return;
    }
    for (const auto& entry : services_.entries) {
      const Node* own = entry.value.find("profiles");
      const bool shared =
          own != nullptr && std::any_of(own->items.begin(), own->items.end(), [&](const Node& one) {
            return std::any_of(profiles->items.begin(), profiles->items.end(),
                               [&](const Node& other) { return other.scalar == one.scalar; });
          });
      if (shared) {
        active_.insert(entry.key);
      }
    }
  }

  void choose(const std::string& first) {
    std::vector<std::string> open{first};
    while (!open.empty()) {
      const std::string name = std::move(open.back());
      open.pop_back();
      if (!active_.contains(name) || !chosen_.insert(name).second) {
        continue;
      }
      if (const Node* dependencies = services_.find(name)->find("depends_on")) {
        for (const auto& entry : dependencies->entries) {
          open.push_back(entry.key);
        }
      }
    }
  }

  const Node& services_;
  Names active_;
  Names chosen_;
};

void keep(Node& root, std::string_view top, const Names& names) {
  if (Node* map = root.find(top)) {
    std::erase_if(map->entries, [&](const Entry& entry) { return !names.contains(entry.key); });
  }
}

void add_sources(const Node* list, Names& names) {
  if (list != nullptr) {
    for (const auto& item : list->items) {
      names.insert(text_at(item, "source"));
    }
  }
}

void keep_used_resources(Node& root) {
  Names networks;
  Names volumes;
  Names secrets;
  Names configs;
  for (const auto& entry : services_of(root).entries) {
    const Node& service = entry.value;
    if (const Node* map = service.find("networks")) {
      for (const auto& network : map->entries) {
        networks.insert(network.key);
      }
    }
    if (const Node* list = service.find("volumes")) {
      for (const auto& mount : list->items) {
        if (text_at(mount, "type") == "volume") {
          volumes.insert(text_at(mount, "source"));
        }
      }
    }
    add_sources(service.find("secrets"), secrets);
    add_sources(service.find("configs"), configs);
    if (const Node* build = service.find("build")) {
      add_sources(build->find("secrets"), secrets);
    }
  }
  keep(root, "networks", networks);
  keep(root, "volumes", volumes);
  keep(root, "secrets", secrets);
  keep(root, "configs", configs);
}

void drop_dependencies_on_others(Node& root, const Names& chosen) {
  for (auto& entry : root.find("services")->entries) {
    if (Node* dependencies = entry.value.find("depends_on")) {
      std::erase_if(dependencies->entries, [&](const Entry& one) { return !chosen.contains(one.key); });
    }
  }
}

}  // namespace

Node shown_config(Model model, const std::vector<std::string>& services, Print print) {
  const Selection selection(model, services);
  // The resources of all active services stay, as docker compose has it.
  keep(model.root, "services", selection.active());
  keep_used_resources(model.root);
  keep(model.root, "services", selection.chosen());
  if (!services.empty()) {
    drop_dependencies_on_others(model.root, selection.chosen());
  }
  leave_out_defaults(model.root, print);
  return std::move(model.root);
}

std::vector<std::string> images_of(const Node& config) {
  std::vector<std::string> images;
  for (const auto& entry : services_of(config).entries) {
    const std::string image = text_at(entry.value, "image");
    images.push_back(image.empty() ? fmt::format("{}-{}", text_at(config, "name"), entry.key) : image);
  }
  std::sort(images.begin(), images.end());
  return images;
}

std::vector<std::string> profiles_of(const Model& model) {
  Names profiles;
  for (const auto& entry : services_of(model.root).entries) {
    if (const Node* own = entry.value.find("profiles")) {
      for (const auto& profile : own->items) {
        profiles.insert(profile.scalar);
      }
    }
  }
  return {profiles.begin(), profiles.end()};
}

}  // namespace fresh::compose
