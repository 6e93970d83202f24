// What `config` shows beside the model.

#include "compose/config.h"

#include "compose/hash.h"
#include "compose/tree_text.h"
#include "unit/compose/project_text.h"

#include <gtest/gtest.h>

namespace fresh::compose {
namespace {

using test::request_of;

std::string config_of(const std::string& services, Print print = Print::yaml) {
  auto request = request_of({{"/p/compose.yaml", "name: p\nservices: {a: {image: x, " + services + "}}\n"}});
  const auto root = shown_config(load_model(request), {}, print);
  const auto& service = *root.find("services")->find("a");
  return yaml_text(service, Dollars::kept);
}

TEST(ConfigImages, AreThoseOfEachService) {
  const auto request =
      request_of({{"/p/compose.yaml", "name: p\nservices: {c: {image: y}, b: {build: .}, a: {image: y}}\n"}});
  EXPECT_EQ(images_of(load_model(request).root), (std::vector<std::string>{"p-b", "y", "y"}));
}

TEST(ConfigHash, NeedsNoFileOfAService) {
  auto request = request_of({{"/p/compose.yaml", R"(
services: {a: {image: x, env_file: [gone.env], secrets: [file, variable, other]}, b: {image: x}}
secrets: {file: {file: gone}, variable: {environment: GONE}, other: {external: true}}
)"}});
  request.all_must_exist = false;
  const auto project = load(request);
  EXPECT_EQ(service_hash(project.services.at("a"), project).size(), 64U);
  EXPECT_NE(service_hash(project.services.at("a"), project), service_hash(project.services.at("b"), project));
}

TEST(ConfigText, ThrottledDevicesAreWrittenWhole) {
  EXPECT_EQ(config_of("blkio_config: {device_read_bps: [{path: /d}, {rate: 1k}], weight_device: [{}]}"),
            "blkio_config:\n"
            "  device_read_bps:\n"
            "    - path: /d\n"
            "      rate: \"0\"\n"
            "    - path: \"\"\n"
            "      rate: \"1024\"\n"
            "  weight_device:\n"
            "    - path: \"\"\n"
            "      weight: 0\n"
            "image: x\n"
            "networks:\n"
            "  default: null\n");
}

}  // namespace
}  // namespace fresh::compose
