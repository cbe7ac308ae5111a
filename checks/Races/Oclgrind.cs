using System.Diagnostics;
using System.Text;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Checks.Races;

/// <summary>
/// Runs "simulate" inside Oclgrind, which simulates a device work-item by work-item and checks every access to memory.
/// </summary>
internal static class Oclgrind
{
    /// <summary>
    /// Bounds are checked always. Uniform writes are those of the same value by several work-items, a race all the same. The
    /// last option names the barrier of OpenCL 2 for ILGPU's own code: Oclgrind offers OpenCL 1.2.
    /// </summary>
    private static readonly string[] Options =
    [
        "--data-races", "--uniform-writes", "--uninitialized", "--num-threads", "1", "--build-options",
        "-Dwork_group_barrier=barrier",
    ];

    private static readonly string Program = typeof(Oclgrind).Assembly.Location;

    /// <summary>Simulates one case.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="mostReports">Reports after which the simulation ends.</param>
    /// <exception cref="InputException">Oclgrind is not installed.</exception>
    public static SimulationLog Simulate(string name, int mostReports)
    {
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(
            "oclgrind", [.. Options, "--max-errors", $"{mostReports}", dotnet, Program, "simulate", "--case", name])
        {
            RedirectStandardError = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            var log = new StringBuilder();
            while (process.StandardError.ReadLine() is { } line)
            {
                log.AppendLine(line);
                // Looking for more would take minutes.
                if (line.EndsWith("suppressing further errors", StringComparison.Ordinal))
                    process.Kill(entireProcessTree: true);
            }
            process.WaitForExit();
            return new SimulationLog(name, log.ToString(), process.ExitCode);
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new InputException(
                $"oclgrind cannot be started ({error.Message}); install it, on Debian with: apt-get install oclgrind", error);
        }
    }
}
