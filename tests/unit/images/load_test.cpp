#include "images/load.h"

#include "base/error.h"
#include "base/file.h"
#include "document/load_yaml.h"
#include "images/order.h"

#include <gtest/gtest.h>

namespace fresh::images {
namespace {

class Load : public testing::Test {
 protected:
  Load() {
    for (const char* folder : {"images/app", "images/other"}) {
      base::write_file_atomic(project_.path() / folder / "Dockerfile", "FROM localhost/base:1\n");
    }
  }
  std::vector<ImageSpec> load_text(const std::string& yaml) const {
    return load(document::load_yaml(yaml, "fresh-clone.yaml"), project_.path());
  }
  std::string refusal(const std::string& yaml) const {
    try {
      load_text(yaml);
    } catch (const base::Error& error) {
      return error.message() + " | " + error.hint();
    }
    return "accepted";
  }

  base::TemporaryFolder project_;
};

constexpr const char* base_image =
    "- {name: localhost/base:1, base: {suite: bookworm, packages: [b1, a1, b1]}}\n";

TEST_F(Load, a_base) {
  const auto specs = load_text(base_image);
  const auto& base = std::get<BaseSource>(specs.at(0).source);
  EXPECT_EQ(base.suite, "bookworm");
  EXPECT_EQ(base.variant, "minbase");
  EXPECT_EQ(base.packages, (std::vector<std::string>{"a1", "b1"}));
  EXPECT_EQ(base.lock, "images/base.packages.lock");
}

TEST_F(Load, a_build_with_a_fetch) {
  const auto specs = load_text(std::string(base_image) +
                               "- name: localhost/app:1\n"
                               "  from: localhost/base:1\n"
                               "  build: ./images/app/\n"
                               "  args: {A: 1}\n"
                               "  fetch: {image: localhost/base:1, run: mvn x, timeout: 5m}\n");
  const auto& build = std::get<BuildSource>(specs.at(1).source);
  EXPECT_EQ(build.folder, "images/app");
  EXPECT_EQ(build.lock, "images/app/inputs.lock");
  EXPECT_EQ(build.fetch->command, (std::vector<std::string>{"/bin/sh", "-ec", "mvn x"}));
  EXPECT_EQ(build.fetch->timeout, std::chrono::minutes(5));
  EXPECT_EQ(build.arguments.at("A"), "1");
}

TEST_F(Load, a_pull) {
  const std::string digest = "sha256:" + std::string(64, 'a');
  const auto specs = load_text("- {name: 'reg.example:5000/x/y:Tag_1', pull: always, digest: '" + digest +
                               "', auth: {user: U, password: P}, tls_verify: false}\n");
  const auto& pull = std::get<PullSource>(specs.at(0).source);
  EXPECT_EQ(pull.policy, PullPolicy::always);
  EXPECT_EQ(pull.digest, digest);
  EXPECT_EQ(pull.user_variable, "U");
  EXPECT_FALSE(pull.verify_tls);
}

TEST_F(Load, what_is_wrong_is_refused_at_its_place) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"x: 1", "takes a list"},
      {"- {name: localhost/base, pull: missing}",
       "fresh-clone.yaml:1:10: 'localhost/base' is no image name with a tag"},
      {"- {name: 'Upper/x:1', pull: missing}", "is no image name"},
      {"- {name: 'x:1'}", "exactly one of"},
      {"- {name: 'x:1', pull: missing, base: {suite: b}}", "exactly one of"},
      {"- {name: 'x:1', pull: sometimes}", "missing, always or never"},
      {"- {name: 'x:1', pull: missing, digest: abc}", "is no digest"},
      {"- {name: 'x:1', pull: missing, digst: abc}", "digest"},
      {"- {name: 'x:1', pull: missing}\n- {name: 'x:1', pull: missing}", "declared twice"},
      {"- {name: 'x:1', base: {suite: bookworm, packages: ['--evil']}}", "no name of a Debian package"},
      {"- {name: 'x:1', base: {suite: bookworm, packages: '$(id)'}}", "no name of a Debian package"},
      {"- {name: 'x:1', base: {suite: bookworm, packages: ['a b']}}", "no name of a Debian package"},
      {"- {name: 'x:1', base: {suite: bookworm, packages: [x]}}", "no name of a Debian package"},
      {"- {name: 'x:1', base: {suite: bookworm, packages: ['']}}", "an empty text"},
      {"- {name: 'x:1', base: {suite: 'bookworm; id'}}", "no suite"},
      {"- {name: 'x:1', base: {suite: bookworm, variant: tiny}}", "no variant"},
      {"- {name: 'x:1', from: 'x:1', build: ''}", "a path is missing"},
      {"- {name: 'x:1', base: {suite: --evil}}", "no suite"},
      {"- {name: 'x:1', from: 'x:1', build: ../out}", "not inside the project"},
      {"- {name: 'x:1', from: 'x:1', build: nowhere}", "does not exist"},
      {"- {name: 'x:1', from: 'x:1', build: images}", "has no 'Dockerfile'"},
      {"- {name: 'x:1', from: 'y:1', build: images/app}", "'from' names 'y:1'"},
      {"- {name: 'x:1', from: 'x:1', build: images/app, lock: a}", "'lock' without 'fetch'"},
  };
  for (const auto& [yaml, expected] : cases) {
    EXPECT_NE(refusal(yaml).find(expected), std::string::npos) << yaml << "\n" << refusal(yaml);
    EXPECT_NE(refusal(yaml).find("fresh-clone.yaml:"), std::string::npos) << refusal(yaml);
  }
}

TEST_F(Load, a_misspelt_parent_gets_the_nearest_name) {
  const std::string text =
      refusal(std::string(base_image) + "- {name: 'x:1', from: 'localhost/bas:1', build: images/app}");
  EXPECT_NE(text.find("did you mean 'localhost/base:1'?"), std::string::npos) << text;
}

ImageSpec built(const std::string& name, const std::string& from, const std::string& fetch_image = {}) {
  BuildSource build;
  build.from = from;
  if (!fetch_image.empty()) {
    build.fetch = FetchStep{.image = fetch_image, .command = {"true"}};
  }
  return {.name = name, .source = build, .place = {}};
}

std::vector<std::string> names(const std::vector<ImageSpec>& specs) {
  std::vector<std::string> result;
  for (const ImageSpec& spec : specs) {
    result.push_back(spec.name);
  }
  return result;
}

TEST(Order, parents_and_fetch_images_come_first) {
  const ImageSpec a{.name = "a:1", .source = BaseSource{}, .place = {}};
  const ImageSpec f{.name = "f:1", .source = BaseSource{}, .place = {}};
  EXPECT_EQ(names(in_order({built("c:1", "b:1"), built("b:1", "a:1", "f:1"), a, f})),
            (std::vector<std::string>{"a:1", "f:1", "b:1", "c:1"}));
}

TEST(Order, a_circle_is_refused_with_its_members) {
  try {
    in_order({built("a:1", "b:1"), built("b:1", "c:1"), built("c:1", "x:1", "b:1")});
    FAIL() << "a circle was accepted";
  } catch (const base::Error& error) {
    EXPECT_NE(error.message().find("b:1 -> c:1 -> b:1"), std::string::npos) << error.message();
  }
}

TEST(Order, a_selection_brings_what_it_needs) {
  const std::vector<ImageSpec> specs{built("a:1", "x:1"),
                                     built("b:1", "a:1"),
                                     built("c:1", "x:1"),
                                     {.name = "x:1", .source = BaseSource{}, .place = {}}};
  EXPECT_EQ(names(needed_for(specs, {"b:1"})), (std::vector<std::string>{"a:1", "b:1", "x:1"}));
  EXPECT_EQ(names(needed_for(specs, {})), names(specs));
  EXPECT_THROW(needed_for(specs, {"d:1"}), base::Error);
}

}  // namespace
}  // namespace fresh::images
