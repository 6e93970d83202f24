#include "compose/read_build.h"

#include "compose/read_deploy.h"
#include "document/refuse.h"

namespace fresh::compose {

using document::Fields;
using document::Node;

namespace {

BuildSecret read_secret(const Node& node) {
  Fields fields(node, "build.secrets");
  BuildSecret secret{.source = fields.text("source"), .id = fields.text("target", "")};
  if (secret.id.empty()) {
    secret.id = secret.source;
  }
  pass_over(fields, {"uid", "gid", "mode"});
  fields.finish();
  return secret;
}

}  // namespace

std::map<std::string, engine::Ulimit> read_ulimits(Fields& fields) {
  std::map<std::string, engine::Ulimit> limits;
  if (!fields.has("ulimits")) {
    return limits;
  }
  for (const auto& entry : fields.find("ulimits")->entries) {
    engine::Ulimit& limit = limits[entry.key];
    if (entry.value.is_map()) {
      Fields pair(entry.value, "ulimits." + entry.key);
      limit.soft = pair.require("soft").integer();
      limit.hard = pair.require("hard").integer();
      pair.finish();
    } else {
      limit.soft = limit.hard = entry.value.integer();
    }
  }
  return limits;
}

std::string read_host(const Node& node) {
  std::string host = node.text();
  host[host.find('=')] = ':';
  return host;
}

std::optional<Build> read_build(Fields& service_fields) {
  if (!service_fields.has("build")) {
    return std::nullopt;
  }
  const Node& node = *service_fields.find("build");
  Fields fields(node, "build");
  Build build{.context = fields.text("context"),
              .dockerfile = fields.text("dockerfile", ""),
              .dockerfile_inline = fields.text("dockerfile_inline", ""),
              .target = fields.text("target", ""),
              .arguments = fields.text_map("args"),
              .network = fields.text("network", ""),
              .tags = fields.texts("tags"),
              .labels = fields.text_map("labels"),
              .cache_from = fields.texts("cache_from"),
              .shm_size = size_at(fields, "shm_size"),
              .ulimits = read_ulimits(fields),
              .platforms = fields.texts("platforms"),
              .additional_contexts = fields.text_map("additional_contexts"),
              .ssh = fields.has("ssh"),
              .no_cache = fields.boolean("no_cache", false),
              .pull = fields.boolean("pull", false),
              .place = node.place};
  if (!build.dockerfile.empty() && !build.dockerfile_inline.empty()) {
    document::refuse(fields.find("dockerfile_inline")->place,
                     "both 'dockerfile' and 'dockerfile_inline' are given", "keep one of the two");
  }
  if (const Node* hosts = fields.find("extra_hosts")) {
    for (const auto& host : hosts->items) {
      build.extra_hosts.push_back(read_host(host));
    }
  }
  if (const Node* secrets = fields.find("secrets")) {
    for (const auto& secret : secrets->items) {
      build.secrets.push_back(read_secret(secret));
    }
  }
  pass_over(fields,
            {"cache_to", "entitlements", "isolation", "no_cache_filter", "privileged", "provenance", "sbom"});
  fields.finish();
  return build;
}

}  // namespace fresh::compose
