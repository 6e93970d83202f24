#include "pipeline/project.h"

#include "base/error.h"
#include "base/file.h"
#include "pipeline/compose_project.h"
#include "pipeline/stack.h"

#include <gtest/gtest.h>

namespace fresh::pipeline {
namespace {

class Project : public ::testing::Test {
 protected:
  Project() {
    write("compose.yaml", "services: {db: {image: 'localhost/db:1'}, web: {image: 'localhost/web:1'}}\n");
    write("notebooks/a.ipynb", R"({"nbformat":4,"metadata":{},"cells":[]})");
    write("folder/file", "x");
  }
  void write(const std::string& path, const std::string& text) {
    base::write_file_atomic(folder_.path() / path, text);
  }
  ProjectSpec load(const std::string& yaml) {
    write("fresh-clone.yaml", yaml);
    return load_project(folder_.path());
  }
  /// The message and the hint that a project with `more` keys is refused with; a refusal has both and a
  /// place.
  std::string refusal(const std::string& more, const std::string& head = "version: 1\nproject: demo\n") {
    try {
      const ProjectSpec spec = load(head + more);
      if (!spec.stack.files.empty()) {
        const Surroundings surroundings{.project_folder = folder_.path()};
        check_stack_names(spec, spec.seed ? load_stack_with_seeder(spec, surroundings, 42)
                                          : load_stack_model(spec, surroundings, 42, {}));
      }
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), base::ExitCode::precheck);
      EXPECT_TRUE(error.message().starts_with("fresh-clone.yaml:")) << error.message();
      EXPECT_FALSE(error.hint().empty()) << error.message();
      return error.message() + " | " + error.hint();
    }
    return "accepted";
  }
  void expect_refused(const std::string& more, const std::string& words) {
    EXPECT_NE(refusal(more).find(words), std::string::npos) << more << "\n" << refusal(more);
  }

  base::TemporaryFolder folder_;
};

TEST_F(Project, NameIsTextThatAContainerCanCarry) {
  for (const std::string& name :
       {std::string("true"), std::string("7"), std::string("''"), std::string("[a]"), std::string("Demo"),
        std::string("-x"), std::string(5000, 'a')}) {
    EXPECT_NE(refusal("", "version: 1\nproject: " + name + "\n"), "accepted") << name;
  }
  EXPECT_EQ(refusal("", "version: 1\nproject: '7'\n"), "accepted");
  EXPECT_EQ(refusal("", "version: 1\nproject: " + std::string(40, 'a') + "\n"), "accepted");
}

TEST_F(Project, WhatLiesInTheFilesPlaceIsTheFile) {
  const auto path = folder_.path() / "fresh-clone.yaml";
  const auto expect_said = [&](const std::string& words) {
    const auto said_by = [&](const auto& action) {
      try {
        action();
      } catch (const base::Error& error) {
        EXPECT_EQ(error.code(), base::ExitCode::precheck);
        EXPECT_NE(error.message().find(words), std::string::npos) << error.message();
        EXPECT_FALSE(error.hint().empty());
        return true;
      }
      return false;
    };
    Surroundings surroundings{.project_folder = folder_.path()};
    EXPECT_TRUE(said_by([&] { load_project(folder_.path()); })) << words;
    EXPECT_TRUE(said_by([&] { load_day_project(surroundings); })) << words;
    EXPECT_TRUE(said_by([&] { declared_engine(folder_.path()); })) << words;
  };
  std::filesystem::create_symlink("gone.yaml", path);
  expect_said("is a symbolic link to nothing");
  std::filesystem::remove(path);
  std::filesystem::create_directory(path);
  expect_said("is a folder");
  std::filesystem::remove(path);
  write("other.yaml", "version: 1\nproject: linked\n");
  std::filesystem::create_symlink("other.yaml", path);
  EXPECT_EQ(load_project(folder_.path()).name, "linked");
}

TEST_F(Project, NumbersAndTimesAreOfThisWorld) {
  const std::string stack = "stack: {files: [compose.yaml], health: {db: ";
  expect_refused(stack + "{consecutive: 0}}}\n", "'consecutive' is 0, expected 1 to 100");
  expect_refused(stack + "{consecutive: -1}}}\n", "'consecutive' is -1");
  expect_refused(stack + "{consecutive: 101}}}\n", "'consecutive' is 101");
  expect_refused(stack + "{timeout: 0}}}\n", "'timeout' must be more than 0");
  expect_refused(stack + "{timeout: 900h}}}\n", "'timeout' must be more than 0");
  expect_refused(stack + "{timeout: -5}}}\n", "'timeout' is no duration");
  expect_refused("seed: {service: db, timeout: 0s}\n", "'timeout' must be more than 0");
  const std::string notebooks = "notebooks: {image: x, paths: [notebooks], ";
  expect_refused(notebooks + "jobs: 1000000000000}\n", "'jobs' is 1000000000000, expected 1 to 64");
  expect_refused(notebooks + "timeout: 0}\n", "'timeout' must be more than 0");
  expect_refused(notebooks + "cell_timeout: 0}\n", "'cell_timeout' must be more than 0");
  expect_refused(notebooks + "memory: 1}\n", "at least 6m");
  EXPECT_EQ(refusal(stack + "{consecutive: 3, timeout: 2m}}}\n"), "accepted");
}

TEST_F(Project, EmptyTextsAreRefusedWhereTheyStand) {
  expect_refused("credentials: [jwt, '']\n", "fresh-clone.yaml:3:20: 'credentials' holds an empty text");
  expect_refused("require_files: ['']\n", "'require_files' holds an empty text");
  expect_refused("contracts: [{service: '', imports: [x]}]\n", "'service' holds an empty text");
  expect_refused("contracts: [{service: db, imports: ['']}]\n", "'imports' holds an empty text");
  expect_refused("contracts: [{service: db, env: ''}]\n", "'env' holds an empty text");
  expect_refused("notebooks: {image: '', paths: [notebooks]}\n", "'image' holds an empty text");
  expect_refused("notebooks: {image: x, paths: ['']}\n", "'paths' holds an empty text");
  expect_refused("engine: ''\n", "'engine' holds an empty text");
  expect_refused("environment: {image: ''}\n", "'image' holds an empty text");
  expect_refused("machine: {image: ' '}\n", "'image' holds an empty text");
  expect_refused("images: [{name: 'a:1', from: 'a:1', build: ''}]\n", "a path is missing here");
  expect_refused("images: [{name: 'a:1', pull: missing, platform: ''}]\n", "'platform' holds an empty text");
  expect_refused("stack: {files: []}\n", "'files' names no compose file");
  expect_refused("stack: {files: [compose.yaml], phases: {core: ['']}}\n", "'core' holds an empty text");
  expect_refused("seed: {service: ''}\n", "'service' holds an empty text");
  expect_refused("credentials: [\"a\\eb\"]\n", "control character");
}

TEST_F(Project, PathsStayInTheProject) {
  for (const std::string& where :
       {std::string("/etc/passwd"), std::string("../x"), std::string("a/../../x")}) {
    for (const std::string& key :
         {std::string("machine: {}\n"), std::string("require_files: [{}]\n"),
          std::string("determinism: {artifacts: [{}]}\n"), std::string("determinism: {baseline: {}}\n"),
          std::string("stack: {files: [{}]}\n"), std::string("seed: {service: x, assertions: {}}\n"),
          std::string("environment: {lock: {}}\n")}) {
      std::string yaml = key;
      yaml.replace(yaml.find("{}"), 2, where);
      expect_refused(yaml, "is not inside the project");
      EXPECT_EQ(refusal(yaml).find("root:"), std::string::npos);
    }
  }
  expect_refused("credentials: [../jwt]\n", "cannot be the name of a credential");
  expect_refused("determinism: {baseline: folder}\n", "is a folder, expected a file");
  expect_refused("machine: nowhere.yaml\n", "there is no file 'nowhere.yaml'");
  EXPECT_EQ(
      load("version: 1\nproject: demo\ndeterminism: {artifacts: [./graph/*.csv]}\n").determinism.artifacts,
      std::vector<std::string>{"graph/*.csv"});
}

TEST_F(Project, AnEngineIsAnAddress) {
  expect_refused("engine: ftp://x\n", "fresh-clone.yaml:3:9");
  EXPECT_EQ(load("version: 1\nproject: demo\nengine: unix:///run/x.sock\n").engine, "unix:///run/x.sock");
}

TEST_F(Project, ContractsAskForWhatCanHold) {
  expect_refused("contracts: [{service: db, path: var/log}]\n", "no absolute path");
  expect_refused("contracts: [{service: db, path: /x, mode: rwx}]\n", "no permission bits");
  expect_refused("contracts: [{service: db, env: A=b}]\n", "no name of a variable");
  expect_refused("contracts: [{service: db, imports: ['os; rm']}]\n", "no name of a Python module");
}

TEST_F(Project, SecretsOfNotebooksAreDeclaredCredentials) {
  const std::string notebooks = "notebooks: {image: 'localhost/x:1', paths: [notebooks], secrets: [tokn]}\n";
  expect_refused("credentials: [token]\n" + notebooks,
                 "'notebooks.secrets' names the credential 'tokn', which 'credentials' does not have");
  expect_refused("credentials: [token]\n" + notebooks, "did you mean 'token'?");
  EXPECT_EQ(refusal("credentials: [tokn]\n" + notebooks), "accepted");
}

TEST_F(Project, UnknownServicesAreNamedWithTheirPlaceAndTheNearest) {
  expect_refused(
      "stack:\n  files: [compose.yaml]\n  phases: {core: [db, wbe]}\n",
      "fresh-clone.yaml:5:23: 'stack.phases.core' names the service 'wbe', which the stack does not have");
  expect_refused("stack: {files: [compose.yaml], health: {bd: {}}}\n",
                 "fresh-clone.yaml:3:41: 'stack.health' names");
  expect_refused("stack: {files: [compose.yaml]}\ncontracts: [{service: wbe, not_root: true}]\n",
                 "fresh-clone.yaml:4:23: 'contracts' names");
  expect_refused("stack: {files: [compose.yaml]}\nseed: {service: filler}\n",
                 "fresh-clone.yaml:4:17: 'seed.service' names the service 'filler'");
  expect_refused("stack: {files: [compose.yaml]}\nseed: {service: filler}\n", "the stack has db, web");
  expect_refused("stack: {files: [compose.yaml], phases: {core: [db], validation: [db]}}\n",
                 "'db' is in phase 'core' already");
}

}  // namespace
}  // namespace fresh::pipeline
