package dev.remit.conformance.node;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The npm packages of `conformance/src/node/package-lock.json`, installed or not.
public sealed interface NodeTools {

  /// Installs what is not installed yet. Takes a minute and the network the first time, and nothing
  /// afterwards.
  static NodeTools prepare() {
    return NodeInstallation.prepare();
  }

  /// The same with npm `@portkey-ai/gateway` in place of those packages: it takes overrides of what
  /// it depends on, which are not to reach the others.
  static NodeTools portkey() {
    return NodeInstallation.prepare("portkey");
  }

  /// They cannot be used here.
  ///
  /// @param why what is missing and what to do about it
  record Missing(String why) implements NodeTools {}

  /// They can be used.
  ///
  /// @param node the program `node`, version 22 or newer
  /// @param modules the folder `node_modules`
  record Ready(Path node, Path modules) implements NodeTools {

    /// Returns the command that runs a script of a package.
    ///
    /// @param script its path in `node_modules`
    public List<String> command(String script, List<String> arguments) {
      var command = new ArrayList<String>();
      command.add(node.toString());
      command.add(modules.resolve(script).toString());
      command.addAll(arguments);
      return command;
    }
  }
}
