#include "compose/read_resources.h"

#include "base/error.h"
#include "compose/read_deploy.h"
#include "document/fields.h"
#include "document/refuse.h"

#include <fmt/core.h>

#include <algorithm>

namespace fresh::compose {
namespace {

using document::Fields;
using document::Node;

const std::vector<document::Entry>& entries(const Node& root, std::string_view key) {
  static const std::vector<document::Entry> none;
  const Node* map = root.find(key);
  if (map == nullptr || map->is_null()) {
    return none;
  }
  if (!map->is_map()) {
    document::refuse(map->place, fmt::format("'{}' takes a map, found {}", key, shown(map->kind)),
                     "write 'name:' lines below it");
  }
  return map->entries;
}

Network read_network(const std::string& key, const Node& node) {
  const std::string path = "networks." + key;
  Fields fields(node, path);
  Network network{.key = key,
                  .name = fields.text("name"),
                  .external = fields.boolean("external", false),
                  .driver = fields.text("driver", ""),
                  .internal = fields.boolean("internal", false),
                  .attachable = fields.boolean("attachable", false),
                  .ipv6 = fields.boolean("enable_ipv6", false),
                  .driver_opts = fields.text_map("driver_opts"),
                  .labels = fields.text_map("labels"),
                  .subnets = {}};
  pass_over(fields, {"enable_ipv4"});
  if (fields.has("ipam")) {
    Fields ipam(*fields.find("ipam"), path + ".ipam");
    if (ipam.has("config")) {
      for (const auto& item : ipam.find("config")->items) {
        Fields subnet(item, path + ".ipam.config");
        network.subnets.push_back({.subnet = subnet.text("subnet", ""),
                                   .gateway = subnet.text("gateway", ""),
                                   .ip_range = subnet.text("ip_range", "")});
        pass_over(subnet, {"aux_addresses"});
        subnet.finish();
      }
    }
    pass_over(ipam, {"driver", "options"});
    ipam.finish();
  }
  fields.finish();
  return network;
}

Volume read_volume(const std::string& key, const Node& node) {
  Fields fields(node, "volumes." + key);
  Volume volume{.key = key,
                .name = fields.text("name"),
                .external = fields.boolean("external", false),
                .driver = fields.text("driver", ""),
                .driver_opts = fields.text_map("driver_opts"),
                .labels = fields.text_map("labels")};
  fields.finish();
  return volume;
}

bool is_used(const Project& project, std::vector<Grant> Service::*grants, const std::string& key) {
  return std::any_of(project.services.begin(), project.services.end(), [&](const auto& entry) {
    const auto& list = entry.second.*grants;
    return std::any_of(list.begin(), list.end(), [&](const Grant& grant) { return grant.source == key; });
  });
}

bool is_built_with(const Project& project, const std::string& secret) {
  return std::any_of(project.services.begin(), project.services.end(), [&](const auto& entry) {
    const auto& build = entry.second.build;
    return build && std::any_of(build->secrets.begin(), build->secrets.end(),
                                [&](const BuildSecret& one) { return one.source == secret; });
  });
}

std::string read_bytes(Fields& fields, const MaterialSource& source) {
  if (fields.has("file")) {
    auto bytes = read_at(fields.find("file")->place, source.read, fields.text("file"));
    if (!bytes && source.must_exist) {
      document::refuse(fields.find("file")->place,
                       fmt::format("the file '{}' does not exist", fields.text("file")),
                       "create it, or mend the path");
    }
    return std::move(bytes).value_or("");
  }
  if (fields.has("environment")) {
    auto value = source.variable(fields.text("environment"));
    if (!value && source.must_exist) {
      document::refuse(fields.find("environment")->place,
                       fmt::format("the variable '{}' is not set", fields.text("environment")),
                       "set it in the environment or in the file .env, or write 'file: path'");
    }
    return std::move(value).value_or("");
  }
  if (fields.has("content")) {
    return fields.text("content");
  }
  if (!source.must_exist) {
    return {};
  }
  document::refuse(fields.node().place,
                   fields.has("external") ? "engines without a swarm have no external secrets and configs"
                                          : "this says nowhere where its content comes from",
                   "write 'file: path' or 'environment: NAME' here");
}

void read_materials(const Node& root, std::string_view top, std::vector<Grant> Service::*grants,
                    const MaterialSource& source, const Project& project,
                    std::map<std::string, Material>& result) {
  for (const auto& entry : entries(root, top)) {
    const std::string path = fmt::format("{}.{}", top, entry.key);
    Fields fields(entry.value, path);
    Material material{.key = entry.key, .name = fields.text("name"), .bytes = {}};
    for (const std::string_view key : {"file", "environment", "content", "external"}) {
      fields.find(key);
    }
    pass_over(fields, {"labels", "driver", "driver_opts", "template_driver"});
    fields.finish();
    if (source.wanted && is_used(project, grants, entry.key)) {
      material.bytes = read_bytes(fields, source);
    } else if (source.wanted && top == "secrets" && is_built_with(project, entry.key)) {
      // An image that is there needs no build, and so no secret.
      try {
        material.bytes = read_bytes(fields, source);
      } catch (const base::Error& error) {
        material.missing = error.message();
      }
    }
    result.emplace(entry.key, std::move(material));
  }
}

}  // namespace

void read_resources(const Node& root, const MaterialSource& source, Project& project) {
  for (const auto& entry : entries(root, "networks")) {
    project.networks.emplace(entry.key, read_network(entry.key, entry.value));
  }
  for (const auto& entry : entries(root, "volumes")) {
    project.volumes.emplace(entry.key, read_volume(entry.key, entry.value));
  }
  read_materials(root, "secrets", &Service::secrets, source, project, project.secrets);
  read_materials(root, "configs", &Service::configs, source, project, project.configs);
}

}  // namespace fresh::compose
