using System.Diagnostics;
using CommandLine;
using IlgpuDistance.Checks.Compilers;
using IlgpuDistance.Checks.Compilers.Intel;
using IlgpuDistance.Checks.Races;
using IlgpuDistance.Gpu.Kernels;

namespace IlgpuDistance.Checks.Verbs;

[Verb("intel", HelpText = "Compile all kernels for Intel's devices and check the machine code.")]
internal sealed class IntelVerb : CompilerVerb
{
    [Option("runtime", HelpText =
        "In place of that, launch all kernels with Intel's driver, which compiles and submits them and executes nothing.")]
    public bool Runtime { get; set; }

    protected override Compiler Open(string folder) => new Ocloc(folder);

    public override int Run() => Runtime ? RunDriver() : base.Run();

    private int RunDriver()
    {
        var clock = Stopwatch.StartNew();
        var (launches, output, exitCode) = CapturingDriver.Launch(Folder);
        string[] missing =
            [.. KernelCatalogue.All.Select(kernel => kernel.Name).Except(launches.Select(launch => launch.Kernel))];
        List<string> problems = [.. missing.Select(kernel => $"{kernel}: was not launched with Intel's driver")];
        if (exitCode != 0)
            problems.Insert(0, $"Intel's driver: exit code {exitCode}: {output}");
        Report(problems);
        if (problems.Count > 0)
            return 1;
        Console.Out.WriteLine($"check-intel: Intel's driver compiled {KernelCatalogue.All.Count} kernels and took " +
            $"{launches.Count} launches in {SimulatedCase.All.Count} networks, none of which was executed; " +
            $"{clock.Elapsed.TotalSeconds:0} s");
        return 0;
    }
}
