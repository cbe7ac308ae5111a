using System.ComponentModel;
using System.Diagnostics;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Checks.Compilers;

/// <summary>A program of a vendor's compiler.</summary>
/// <param name="path">The program.</param>
/// <param name="hint">What to do where it cannot be started.</param>
/// <param name="libraries">A folder in which it finds libraries that the system lacks; null where it needs none.</param>
/// <param name="folder">The folder in which it runs; null for the current one.</param>
internal sealed class Tool(string path, string hint, string? libraries = null, string? folder = null)
{
    /// <summary>The same in another folder.</summary>
    public Tool In(string folder) => new(path, hint, libraries, folder);

    /// <summary>Runs it and returns all that it prints.</summary>
    /// <exception cref="InputException">It cannot be started, or ends with another status than 0.</exception>
    public string Run(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.WorkingDirectory = folder ?? "";
        if (libraries is not null)
            start.Environment["LD_LIBRARY_PATH"] = libraries;
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
            process.WaitForExit();
            string text = output.Result + error.Result;
            return process.ExitCode == 0 ? text : throw new InputException(
                $"{path} {string.Join(' ', start.ArgumentList)}: {text.Trim().ReplaceLineEndings(" ")}");
        }
        catch (Win32Exception failure)
        {
            throw new InputException($"{path}: {failure.Message}; {hint}", failure);
        }
    }
}
