#include "pipeline/stack_images.h"

#include <gtest/gtest.h>

namespace fresh::pipeline {
namespace {

images::ImageSpec base_image(const std::string& name) {
  return {.name = name, .source = images::BaseSource{}, .place = {}};
}

images::ImageSpec built(const std::string& name, const std::string& from) {
  images::BuildSource source;
  source.from = from;
  return {.name = name, .source = source, .place = {}};
}

compose::Project stack_of(const std::vector<std::string>& images) {
  compose::Project stack;
  for (const auto& image : images) {
    stack.services[image].image = image;
  }
  return stack;
}

std::vector<std::string> names(const std::vector<images::ImageSpec>& images) {
  std::vector<std::string> result;
  for (const auto& image : images) {
    result.push_back(image.name);
  }
  return result;
}

ProjectSpec project() {
  ProjectSpec spec;
  spec.images = {base_image("go"),       built("vault", "go"), base_image("java"), built("store", "java"),
                 built("graph", "java"), base_image("tool"),   base_image("lone")};
  return spec;
}

TEST(StackImages, LeavesOutWhatOnlyServicesOfOtherProfilesNeed) {
  const auto everything = stack_of({"vault", "store", "graph"});
  EXPECT_EQ(names(stack_images(project(), everything, everything)),
            (std::vector<std::string>{"go", "vault", "java", "store", "graph", "tool", "lone"}));
  EXPECT_EQ(names(stack_images(project(), stack_of({"graph"}), everything)),
            (std::vector<std::string>{"java", "graph", "tool", "lone"}));
}

TEST(StackImages, KeepsWhatNotebooksOrTheEnvironmentUse) {
  ProjectSpec spec = project();
  spec.environment.image = "vault";
  spec.notebooks = notebooks::NotebooksSpec{};
  spec.notebooks->image = "java";
  EXPECT_EQ(names(stack_images(spec, stack_of({}), stack_of({"vault", "store", "graph"}))),
            (std::vector<std::string>{"go", "vault", "java", "tool", "lone"}));
}

TEST(BuildRemedy, BlamesTheDockerfileOnlyForWhatTheEngineSaysOfIt) {
  using engine::EngineError;
  using engine::Fault;
  const auto remedy = [](Fault fault, const std::string& hint) {
    return build_remedy(EngineError(base::ExitCode::machine, fault, 0, "x", hint), "Dockerfile", "web");
  };
  EXPECT_EQ(remedy(Fault::failed, "read the log"), "mend 'Dockerfile' in web");
  for (const auto fault : {Fault::cut, Fault::unreachable, Fault::timed_out, Fault::no_space}) {
    EXPECT_EQ(remedy(fault, "look at the socket"), "look at the socket");
    EXPECT_NE(remedy(fault, "").find("engine status"), std::string::npos);
  }
}

TEST(BuiltServices, AreThoseWhoseImageNobodyNamed) {
  compose::Project stack;
  stack.name = "demo";
  for (const char* name : {"web", "tagged", "pulled"}) {
    stack.services[name].name = name;
    stack.services[name].image = std::string("demo-") + name;
    stack.services[name].build.emplace();
  }
  stack.services["tagged"].image = "localhost/own:1";
  stack.services["pulled"].build.reset();
  EXPECT_EQ(built_services_of(stack), std::set<std::string>{"web"});
}

TEST(LocalImage, IsTheOneOfThatServiceAlone) {
  EXPECT_TRUE(is_local_image("demo-web", "demo", "web"));
  EXPECT_TRUE(is_local_image("localhost/demo-web:latest", "demo", "web"));
  EXPECT_FALSE(is_local_image("localhost/demo-web2:latest", "demo", "web"));
  EXPECT_FALSE(is_local_image("localhost:5000/own:1", "demo", "web"));
  EXPECT_FALSE(is_local_image("demo-", "demo", ""));
}

}  // namespace
}  // namespace fresh::pipeline
