using System.Text;
using CommandLine;
using IlgpuDistance.Cli;
using IlgpuDistance.Cli.Verbs;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Analysis;
using IlgpuDistance.Training.Experiments;

namespace IlgpuDistance.Checks.Fuzz;

/// <summary>What users write: networks and command lines.</summary>
internal static class TextTargets
{
    private static readonly IReadOnlyList<VerbDescription> Verbs =
    [
        .. typeof(Verb).Assembly.GetTypes().Where(type => type.IsDefined(typeof(VerbAttribute), inherit: false))
            .OrderBy(type => type.Name, StringComparer.Ordinal).Select(type => new VerbDescription(type)),
    ];

    /// <summary>The targets.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("text of a network", 8, InputForm.Text,
            [
                .. new[] { "linear(128) > abs > offset-l2(10, form: reference) > neg",
                    "Linear(4, bias: false)>ReLU>point-slope(10)" }
                    .Select(Encoding.UTF8.GetBytes),
            ],
            input =>
            {
                Network network = Network.Parse(Encoding.UTF8.GetString(input));
                if (Network.Parse(network.ToString()).ToString() != network.ToString())
                    throw new InvalidOperationException($"\"{network}\" is read as another network than it was written as");
                _ = NetworkPlan.Compile(network, 64, 10);
            }),
        new("command line", 8, InputForm.Text,
            [
                .. new[]
                {
                    "train\n--model\nReLU\n--epochs\n3\n--lr=0.5\n--out\nfolder",
                    "analyze\npath\n--what\ndead-nodes,theory\n--split\ntest\n--rare\n0.01,0.05",
                    "reproduce\n--preset\nquick\n--models\nAbs,linear(4, bias: false) > relu\n--device\ncuda:1",
                }.Select(Encoding.UTF8.GetBytes),
            ],
            input =>
            {
                string[] arguments = Encoding.UTF8.GetString(input).Split('\n');
                VerbDescription verb = ArgumentCheck.FindVerb(arguments, Verbs);
                foreach (string argument in ArgumentCheck.Check(verb, arguments[1..]))
                    ReadValue(argument[(argument.IndexOf('=', StringComparison.Ordinal) + 1)..], argument);
            }),
    ];

    private static void ReadValue(string value, string argument)
    {
        if (argument.StartsWith("--what", StringComparison.Ordinal))
            _ = AnalysisOptions.ParseWhat(value);
        else if (argument.StartsWith("--rare", StringComparison.Ordinal))
            _ = AnalysisOptions.ParseRare(value);
        else if (argument.StartsWith("--device", StringComparison.Ordinal))
            _ = DeviceSelector.Parse(value);
        else if (argument.StartsWith("--models", StringComparison.Ordinal))
            _ = ModelList.Resolve(ModelList.Split(value), 10, OffsetL2Form.Paper);
    }
}
