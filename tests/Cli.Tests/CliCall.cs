using System.Text;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

/// <summary>
/// Runs the program within the process of the tests. Of what <see cref="CliProcess"/> does this takes a small part of the time,
/// which for a short training is almost all for compiling the program. It serves wherever signals, streams, the environment, the
/// working folder and drivers of devices do not matter.
/// </summary>
internal static class CliCall
{
    /// <summary>The program has the two streams once per process.</summary>
    private static readonly Lock Gate = new();

    private static readonly TemporaryFolder Home = new();

    /// <summary>Shuts the program off from the user's environment, as in <see cref="CliProcess"/>.</summary>
    static CliCall()
    {
        foreach (var (name, value) in CliProcess.Environment(Home.Path))
            System.Environment.SetEnvironmentVariable(name, value);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Home.Dispose();
    }

    /// <summary>Runs the program.</summary>
    public static CliResult Run(params string[] arguments)
    {
        lock (Gate)
        {
            using MemoryStream output = new(), error = new();
            using var interruption = new Interruption();
            Terminal.Redirect(output, error);
            int exitCode = Program.Run(arguments, interruption);
            return new CliResult(exitCode, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()));
        }
    }
}
