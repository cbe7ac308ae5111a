using CommandLine;
using IlgpuDistance.Checks.Zoo;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Checks.Verbs;

[Verb("zoo", HelpText = "Make the folder of trained networks, and its README, of experiments.")]
internal sealed class ZooVerb : CheckVerb
{
    [Value(0, MetaName = "EXPERIMENT...", Required = true,
        HelpText = "Folders of experiments, of which the first finished run of each model is taken.")]
    public IEnumerable<string> Experiments { get; set; } = [];

    [Option("out", Default = "models", MetaValue = "FOLDER", HelpText = "The folder.")]
    public string Out { get; set; } = "";

    public override int Run()
    {
        try
        {
            int count = ZooFolder.Make([.. Experiments], Out).Count;
            Console.Out.WriteLine($"make-models: {count} networks are in {Out}");
            return 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(error.Message, error);
        }
    }
}
