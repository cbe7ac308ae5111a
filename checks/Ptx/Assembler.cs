using System.Diagnostics;
using System.Text.RegularExpressions;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Checks.Ptx;

/// <summary>NVIDIA's ptxas and nvdisasm, as programs.</summary>
/// <param name="folder">The folder that holds them.</param>
internal sealed partial class Assembler(string folder)
{
    /// <summary>The version of ptxas, as in 11.8.89.</summary>
    public string Version { get; } = VersionText.Match(Run(Path.Combine(folder, "ptxas"), "--version")).Groups["version"].Value;

    /// <summary>
    /// Assembles PTX with ptxas's own defaults, which are those of the driver: optimisation level 3, multiplications and
    /// additions fused, denormals kept.
    /// </summary>
    /// <param name="ptx">The text.</param>
    /// <param name="architecture">The target.</param>
    /// <exception cref="InputException">ptxas or nvdisasm cannot be started or refuses the text.</exception>
    public (ResourceUsage Resources, MachineCode Code) Assemble(string ptx, string architecture)
    {
        string source = Path.GetTempFileName(), binary = Path.GetTempFileName();
        try
        {
            File.WriteAllText(source, ptx);
            string report = Run(Path.Combine(folder, "ptxas"), "-v", $"-arch={architecture}", source, "-o", binary);
            return (ResourceUsage.Parse(report), new MachineCode(Run(Path.Combine(folder, "nvdisasm"), "-c", binary)));
        }
        finally
        {
            File.Delete(source);
            File.Delete(binary);
        }
    }

    /// <summary>Runs a program and returns all that it prints.</summary>
    private static string Run(string program, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                throw new InputException(
                    $"{program} {string.Join(' ', arguments)}: {error.Result.Trim().ReplaceLineEndings(" ")}");
            }

            return output.Result + error.Result;
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            throw new InputException($"{program}: {failure.Message}; scripts/get-ptxas prints the folder of NVIDIA's assembler",
                failure);
        }
    }

    [GeneratedRegex(@"V(?<version>\d+(\.\d+)+)")]
    private static partial Regex VersionText { get; }
}
