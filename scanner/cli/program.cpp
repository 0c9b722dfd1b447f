#include "scanner/cli/program.h"

#include <string>

#include "scanner/cli/help_formatter.h"
#include "scanner/cli/toml_config.h"
#include "scanner/cli/version.h"

namespace dauth::scanner::cli {

Program::Program() : app_("dauth: the survey of mail authentication in the DNS", "dauth") {
  app_.formatter(std::make_shared<HelpFormatter>());
  app_.set_help_flag("-h,--help", "show this help");
  app_.set_version_flag("--version", "dauth " + std::string(kVersion), "show the version");
  app_.require_subcommand(0, 1);
  app_.fallthrough();
  app_.set_config("--config", "", "read options from a TOML file: a table for each command, such as [scan]")
      ->type_name("FILE");
  app_.config_formatter(std::make_shared<TomlConfig>(app_));
  app_.footer("'dauth COMMAND --help' tells a command's options.");

  commands_.push_back(make_scan_command(app_));
  commands_.push_back(make_report_command(app_));
  commands_.push_back(make_check_command(app_));
  commands_.push_back(make_export_command(app_));
  commands_.push_back(make_import_command(app_));
  commands_.push_back(make_runs_command(app_));
  commands_.push_back(make_rejudge_command(app_));
  commands_.push_back(make_prune_command(app_));
}

}  // namespace dauth::scanner::cli
