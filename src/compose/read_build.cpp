#include "compose/read_build.h"

#include "compose/read_deploy.h"
#include "document/refuse.h"

namespace fresh::compose {

using document::Fields;

std::optional<Build> read_build(Fields& service_fields) {
  if (!service_fields.has("build")) {
    return std::nullopt;
  }
  Fields fields(*service_fields.find("build"), "build");
  Build build{.context = fields.text("context"),
              .dockerfile = fields.text("dockerfile", ""),
              .dockerfile_inline = fields.text("dockerfile_inline", ""),
              .target = fields.text("target", ""),
              .arguments = fields.text_map("args"),
              .network = fields.text("network", "")};
  if (!build.dockerfile.empty() && !build.dockerfile_inline.empty()) {
    document::refuse(fields.find("dockerfile_inline")->place,
                     "both 'dockerfile' and 'dockerfile_inline' are given", "keep one of the two");
  }
  pass_over(fields, {"additional_contexts", "cache_from", "cache_to", "entitlements", "extra_hosts",
                     "isolation", "labels", "no_cache", "no_cache_filter", "platforms", "privileged",
                     "provenance", "pull", "sbom", "secrets", "shm_size", "ssh", "tags", "ulimits"});
  fields.finish();
  return build;
}

}  // namespace fresh::compose
