using CommandLine;
using IlgpuDistance.Cli.Verbs;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Cli;

/// <summary>Reads what follows a verb.</summary>
internal static class VerbReader
{
    /// <summary>Checks arguments, and lets CommandLineParser fill in a verb from them.</summary>
    /// <exception cref="InputException">Something cannot be understood; the message is one line.</exception>
    public static Verb Read(VerbDescription verb, IReadOnlyList<string> arguments)
    {
        IReadOnlyList<string> given = ArgumentCheck.Check(verb, arguments);
        using var parser = new Parser(settings =>
        {
            settings.AutoHelp = settings.AutoVersion = false;
            settings.CaseInsensitiveEnumValues = true;
            settings.AllowMultiInstance = true;
            settings.HelpWriter = null;
        });
        Verb read = parser.ParseArguments([verb.Name, .. given], verb.Type).MapResult(
            parsed => (Verb)parsed,
            errors => throw new InputException(
                $"{string.Join(", ", errors.Select(error => error.Tag))}; see ilgpu-distance {verb.Name} --help"));
        read.Arguments = given;
        return read;
    }
}
