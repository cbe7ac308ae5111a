using System.Diagnostics;
using IlgpuDistance.Gpu;

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
        "--data-races", "--uniform-writes", "--uninitialized", "--num-threads", "1", "--max-errors", "1000000",
        "--build-options", "-Dwork_group_barrier=barrier",
    ];

    /// <summary>Simulates one case.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="InputException">Oclgrind is not installed.</exception>
    public static SimulationLog Simulate(string name)
    {
        var start = new ProcessStartInfo("oclgrind", [.. Options, Environment.ProcessPath!, .. OwnArguments, "simulate", "--case", name])
        {
            RedirectStandardError = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            string log = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return new SimulationLog(name, log, process.ExitCode);
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new InputException($"oclgrind cannot be started ({error.Message}); install it, on Debian with: apt-get install oclgrind", error);
        }
    }

    /// <summary>Started as <c>dotnet program.dll</c>, the process is dotnet and the program its first argument.</summary>
    private static string[] OwnArguments =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(Oclgrind).Assembly.Location] : [];
}
