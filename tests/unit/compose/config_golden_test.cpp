// What docker compose 2.26 prints for the files of tests/compose/config, against what we print: equal as
// trees, read by another YAML library than the one that the product reads with.

#include "base/file.h"
#include "compose/config.h"
#include "compose/tree_text.h"
#include "document/node.h"

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <map>

namespace fresh::compose {
namespace {

using std::filesystem::path;

const path folder = path(FRESH_SOURCE_DIR) / "tests/compose/config";

std::vector<std::string> names(std::string_view extension) {
  std::vector<std::string> result;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == extension) {
      result.push_back(entry.path().stem().string());
    }
  }
  std::sort(result.begin(), result.end());
  return result;
}

LoadRequest request_of(const std::string& name) {
  LoadRequest request{.files = {folder / (name + ".yaml")},
                      .project_name = "golden",
                      .environment = {{"HOME", "/home/user"}, {"PATH", "/bin"}},
                      .shown_below = folder};
  if (const path over = folder / (name + ".over.yaml"); std::filesystem::exists(over)) {
    request.files.push_back(over);
  }
  request.may_be_empty = true;
  return request;
}

void replace(std::string& text, const std::string& what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

std::string folded(std::string text) {
  replace(text, folder.string(), "/project");
  replace(text, folder.parent_path().string(), "/above");
  return text;
}

std::string shown(const LoadRequest& request) {
  return folded(yaml_text(shown_config(load_model(request), {}, Print::yaml), Dollars::doubled));
}

/// One form for equal trees, a line a value.
void flatten(const YAML::Node& node, const std::string& where, std::map<std::string, std::string>& lines) {
  if (node.IsMap()) {
    lines[where] = "map";
    for (const auto& entry : node) {
      flatten(entry.second, where + "." + entry.first.Scalar(), lines);
    }
  } else if (node.IsSequence()) {
    lines[where] = fmt::format("list of {}", node.size());
    for (std::size_t i = 0; i < node.size(); ++i) {
      flatten(node[i], fmt::format("{}[{}]", where, i), lines);
    }
  } else if (node.IsNull()) {
    lines[where] = "nothing";
  } else {
    const auto value = node.Tag() == "!"
                           ? document::Node{.kind = document::Kind::text, .scalar = node.Scalar()}
                           : document::text_node(node.Scalar());
    constexpr std::size_t most_digits = 18;  // what is longer is compared as text
    const bool is_number = (value.kind == document::Kind::integer || value.kind == document::Kind::real) &&
                           value.scalar.size() <= most_digits;
    lines[where] = is_number ? fmt::format("number {}", value.real())
                             : fmt::format("{} {}", document::shown(value.kind), value.scalar);
  }
}

std::map<std::string, std::string> tree(const std::string& yaml) {
  std::map<std::string, std::string> lines;
  flatten(YAML::Load(yaml), "", lines);
  return lines;
}

class Config : public testing::TestWithParam<std::string> {};

void expect_same(const std::string& golden, const std::string& text) {
  const auto wanted = tree(base::read_file(folder / golden));
  const auto found = tree(text);
  for (const auto& [where, value] : wanted) {
    const auto same = found.find(where);
    EXPECT_EQ(same == found.end() ? "(not there)" : same->second, value) << where;
  }
  for (const auto& [where, value] : found) {
    EXPECT_TRUE(wanted.contains(where)) << where << ": only ours: " << value;
  }
}

TEST_P(Config, EqualsWhatDockerComposePrints) {
  expect_same(GetParam() + ".golden", shown(request_of(GetParam())));
}

class Written : public Config {};

TEST_P(Written, EqualsWhatDockerComposePrints) {
  LoadRequest request = request_of(GetParam());
  request.interpolate = false;
  expect_same(GetParam() + ".written", folded(yaml_text(load_untyped(request), Dollars::kept)));
}

class Canonical : public Config {};

TEST_P(Canonical, LoadsToItself) {
  const std::string once = shown(request_of(GetParam()));
  LoadRequest again = request_of(GetParam());
  again.files = {"/project/again.yaml"};
  again.read = [&](const path& file) {
    return file == "/project/again.yaml" ? std::optional(once) : std::nullopt;
  };
  EXPECT_EQ(shown(again), once);
}

TEST_P(Config, IsTheSameInJson) {
  const LoadRequest request = request_of(GetParam());
  const auto yaml = tree(shown(request));
  const auto json =
      tree(folded(json_text(shown_config(load_model(request), {}, Print::json), Dollars::doubled)));
  for (const auto& [where, value] : yaml) {
    const bool is_extension = where.find(".x-") != std::string::npos;
    EXPECT_TRUE(is_extension || (json.contains(where) && json.at(where) == value)) << where;
  }
}

/// All but `once.yaml`, which says why.
std::vector<std::string> canonical_names() {
  auto result = names(".golden");
  std::erase(result, "once");
  return result;
}

INSTANTIATE_TEST_SUITE_P(Goldens, Canonical, testing::ValuesIn(canonical_names()),
                         [](const auto& tested) { return tested.param; });
INSTANTIATE_TEST_SUITE_P(Goldens, Config, testing::ValuesIn(names(".golden")),
                         [](const auto& tested) { return tested.param; });
INSTANTIATE_TEST_SUITE_P(Goldens, Written, testing::ValuesIn(names(".written")),
                         [](const auto& tested) { return tested.param; });

}  // namespace
}  // namespace fresh::compose
