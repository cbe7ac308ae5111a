using System.Text;
using CommandLine;
using IlgpuDistance.Cli;
using IlgpuDistance.Cli.Configuration;
using IlgpuDistance.Cli.Verbs;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Optimizers;
using IlgpuDistance.Training.Analysis;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Loop;

namespace IlgpuDistance.Checks.Fuzz;

/// <summary>What users write: networks, optimizers and the like, and command lines.</summary>
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
        OfTexts("text of a network",
            ["linear(128) > abs > offset-l2(10, form: reference) > neg", "Linear(4, bias: false)>ReLU>point-slope(10)"],
            text =>
            {
                Network network = Network.Parse(text);
                _ = NetworkPlan.Compile(network, 64, 10);
                return network.ToString();
            }),
        OfTexts("text of an optimizer",
            ["sgd(weight-decay: 0.1)", "momentum(0.9, nesterov: true)", "adam(0.9, 0.999, epsilon: 1e-8, weight-decay: 0.01)"],
            text => Optimizer.Parse(text).ToString()),
        OfTexts("text of a schedule", ["constant", "cosine(warm-up: 10)", "step(100, 0.5, warm-up: 3)"],
            text => LearningRateSchedule.Parse(text).ToString()),
        OfTexts("text of factors of the learning rate", ["mu=100,alpha=0.5", "weight=1e-3,bias=0"],
            text => RateFactors.Parse(text).ToString()),
        // In an environment where every variable is 1.
        OfTexts("text of a share", ["3/8", "slurm", "kubernetes/8"], text => ShardText.Parse(text, _ => "1").ToString()),
        new("values that are varied", 2, InputForm.Text,
            [
                .. new[]
                {
                    "0.0001..0.1:*10,5..1:-2", "linear(32|64) > abs|relu > offset-l2(10, form: paper|reference)",
                    "mu=1|10,alpha=0.5; mu=3",
                }.Select(Encoding.UTF8.GetBytes),
            ],
            input => _ = VariedValues.Parse(Encoding.UTF8.GetString(input)))
        { FixedAllocation = 256 << 20 },
        OptionFile("options in TOML", InputForm.Text, TomlConfig.Parse, """
            models = ["ReLU", 'linear(4, bias: false)'] # two
            runs = 1_0
            lr = 1e-3
            offline = true
            vary.epochs = "1..3:+1"
            [vary]
            seed = [1, "2|3"]
            """),
        OptionFile("options in JSON", InputForm.Json, JsonConfig.Parse, """
            { "models": ["ReLU", "Abs"], "runs": 10, "lr": 1e-3, "offline": true,
              "vary": { "epochs": "1..3:+1", "seed": [1, "2"] } }
            """),
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

    /// <summary>A file of options, whose values are read as those of a command line.</summary>
    private static FuzzTarget OptionFile(string name, InputForm form, Func<string, string, ConfigValue> parse, string example) =>
        new(name, 8, form, [Encoding.UTF8.GetBytes(example)], input =>
        {
            ConfigValue root = parse("file", Encoding.UTF8.GetString(input));
            if (root.Kind == ConfigKind.Table)
                _ = ConfigFile.Of(Verbs.First(verb => verb.Type == typeof(ReproduceVerb)), root);
        })
        { FixedAllocation = 256 << 20 };

    /// <summary>Texts of something that can be written; what has been written is read as the same.</summary>
    private static FuzzTarget OfTexts(string name, string[] examples, Func<string, string> readAndWrite) =>
        new(name, 8, InputForm.Text, [.. examples.Select(Encoding.UTF8.GetBytes)], input =>
        {
            string written = readAndWrite(Encoding.UTF8.GetString(input));
            if (readAndWrite(written) != written)
                throw new InvalidOperationException($"\"{written}\" is read as something else than it was written for");
        });

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
