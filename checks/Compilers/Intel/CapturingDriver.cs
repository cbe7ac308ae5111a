using System.Diagnostics;
using IlgpuDistance.Checks.Races;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Checks.Compilers.Intel;

/// <summary>
/// Intel's OpenCL driver without a GPU. It has a mode that writes what it would submit to a file, for simulators of the hardware:
/// programs are compiled, memory is there and is copied, commands are built, and nothing is executed.
/// </summary>
internal static class CapturingDriver
{
    /// <summary>Tiger Lake, which the driver captures without being told more about the device.</summary>
    private const string Product = "tgllp";

    private static readonly string Program = typeof(CapturingDriver).Assembly.Location;

    /// <summary>Runs "capture" with this driver alone.</summary>
    /// <param name="folder">/usr, or the folder into which Debian's packages are unpacked in its place.</param>
    /// <returns>What was launched, all that was printed, and the exit code.</returns>
    /// <exception cref="InputException">The folder has no driver.</exception>
    public static (IReadOnlyList<SimulatedLaunch> Launches, string Output, int ExitCode) Launch(string folder)
    {
        string? libraries = DebianLibraries.In(folder);
        string driver = Path.Combine(libraries ?? folder, "intel-opencl", "libigdrcl.so");
        if (!File.Exists(driver))
            throw new InputException($"{driver}: no such file; scripts/get-compiler intel prints the folder of Intel's driver");
        // The capture lies in the folder in which the program runs, with 10 MB.
        DirectoryInfo work = Directory.CreateTempSubdirectory("check-intel-");
        try
        {
            string list = Path.Combine(work.FullName, "intel.icd");
            File.WriteAllText(list, $"{driver}\n");
            return Run(work.FullName, new Dictionary<string, string?>
            {
                ["OCL_ICD_VENDORS"] = list,
                ["LD_LIBRARY_PATH"] = libraries,
                ["NEOReadDebugKeys"] = "1",
                ["SetCommandStreamReceiver"] = "1",
                ["ProductFamilyOverride"] = Product,
            });
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static (IReadOnlyList<SimulatedLaunch> Launches, string Output, int ExitCode) Run(
        string folder, Dictionary<string, string?> variables)
    {
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(dotnet, [Program, "capture"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        string[] lines = output.Result.Split('\n');
        string other = string.Join(' ', lines.Where(line => SimulatedLaunch.Parse(line) is null));
        return ([.. lines.Select(SimulatedLaunch.Parse).OfType<SimulatedLaunch>()],
            $"{other} {error.Result.ReplaceLineEndings(" ")}".Trim(), process.ExitCode);
    }
}
