#include "compose/canonical.h"
#include "compose/tree.h"
#include "document/refuse.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <vector>

namespace fresh::compose {
namespace {

using document::Node;

/// `Tree` is Node or const Node.
template <typename Tree, typename Act>
void each_item(Tree& map, std::initializer_list<std::string_view> path, Act act) {
  Tree* node = &map;
  for (const auto key : path) {
    node = node == nullptr ? nullptr : node->find(key);
  }
  if (node != nullptr) {
    for (auto& item : node->items) {
      if (item.is_map()) {
        act(item);
      }
    }
  }
}

void device_count(Node& request) {
  if (request.find("count") == nullptr && request.find("device_ids") == nullptr) {
    set(request, "count", text_value("all", request.place));
  }
}

void service_defaults(Node& service) {
  if (Node* build = service.find("build"); build != nullptr && build->is_map()) {
    set_default(*build, "context", text_value(".", build->place));
  }
  each_item(service, {"secrets"}, [](Node& secret) {
    const Node* source = secret.find("source");
    set_default(
        secret, "target",
        text_value("/run/secrets/" + (source == nullptr ? std::string() : source->scalar), secret.place));
  });
  each_item(service, {"ports"}, [](Node& port) {
    set_default(port, "protocol", text_value("tcp", port.place));
    set_default(port, "mode", text_value("ingress", port.place));
  });
  each_item(service, {"gpus"}, device_count);
  each_item(service, {"deploy", "resources", "reservations", "devices"}, device_count);
}

void check_request(const Node& request) {
  if (const Node* count = request.find("count"); count != nullptr && request.find("device_ids") != nullptr) {
    document::refuse(count->place, "a device request has 'count' and 'device_ids'", "keep one of the two");
  }
}

bool is_true(const Node* node) {
  return node != nullptr && node->kind == document::Kind::boolean && node->scalar == "true";
}

void check_sources(const Node& root, std::string_view top, const std::vector<std::string_view>& sources) {
  const Node* resources = root.find(top);
  if (resources == nullptr) {
    return;
  }
  for (const auto& entry : resources->entries) {
    std::vector<std::string_view> found;
    for (const auto source : sources) {
      if (entry.value.find(source) != nullptr) {
        found.push_back(source);
      }
    }
    if (found.size() > 1) {
      document::refuse(entry.value.find(found[1])->place,
                       fmt::format("'{}.{}' has '{}' and '{}'", top, entry.key, found[0], found[1]),
                       "keep one of the two");
    }
    if (found.empty() && entry.value.find("driver") == nullptr && entry.value.find("external") == nullptr) {
      document::refuse(entry.key_place,
                       fmt::format("'{}.{}' says nowhere where its content comes from", top, entry.key),
                       fmt::format("give it one of {}", fmt::join(sources, ", ")));
    }
  }
}

void check_external_volumes(const Node& root) {
  const Node* volumes = root.find("volumes");
  if (volumes == nullptr) {
    return;
  }
  for (const auto& entry : volumes->entries) {
    if (!is_true(entry.value.find("external"))) {
      continue;
    }
    for (const auto& setting : entry.value.entries) {
      if (setting.key != "name" && setting.key != "external" && !setting.key.starts_with("x-")) {
        document::refuse(setting.key_place,
                         fmt::format("'volumes.{}' is external and has '{}'", entry.key, setting.key),
                         "an external volume has a name alone: it is made by others");
      }
    }
  }
}

}  // namespace

void set_defaults(Node& root) {
  if (Node* services = root.find("services")) {
    for (auto& entry : services->entries) {
      service_defaults(entry.value);
    }
  }
}

void check_resources(const Node& root) {
  check_external_volumes(root);
  check_sources(root, "configs", {"file", "environment", "content"});
  check_sources(root, "secrets", {"file", "environment"});
  const Node* services = root.find("services");
  if (services == nullptr) {
    return;
  }
  for (const auto& entry : services->entries) {
    each_item(entry.value, {"gpus"}, check_request);
    each_item(entry.value, {"deploy", "resources", "reservations", "devices"}, check_request);
  }
}

}  // namespace fresh::compose
