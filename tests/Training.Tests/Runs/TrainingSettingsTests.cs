using System.Reflection;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Optimizers;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Runs;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Tests.Runs;

public sealed class TrainingSettingsTests
{
    private static readonly TrainingSettings Standard = new();

    private static readonly Dictionary<string, TrainingSettings> Changes = new()
    {
        [nameof(TrainingSettings.InputScale)] = Standard with { InputScale = InputScaling.Unit },
        [nameof(TrainingSettings.InitialModel)] = Standard with { InitialModel = "a.safetensors" },
        [nameof(TrainingSettings.InitialModelSha256)] = Standard with { InitialModelSha256 = Sum('a') },
        [nameof(TrainingOptions.Epochs)] = With(Options with { Epochs = 7 }),
        [nameof(TrainingOptions.LearningRate)] = With(Options with { LearningRate = 0.5f }),
        [nameof(TrainingOptions.Schedule)] = With(Options with { Schedule = new ConstantRate(WarmUp: 1) }),
        [nameof(TrainingOptions.RateFactors)] = With(Options with { RateFactors = RateFactors.Parse("mu=2") }),
        [nameof(TrainingOptions.Optimizer)] = With(Options with { Optimizer = new Sgd(0.1) }),
        [nameof(TrainingOptions.BatchSize)] = With(Options with { BatchSize = 3 }),
        [nameof(TrainingOptions.Seed)] = With(Options with { Seed = 1 }),
        [nameof(TrainingOptions.EvaluateEvery)] = With(Options with { EvaluateEvery = 2 }),
    };

    public static TheoryData<string> Properties => [.. Changes.Keys];

    private static string Sum(char digit) => new(digit, 64);

    private static TrainingOptions Options => Standard.Options;

    private static TrainingSettings With(TrainingOptions changed) => Standard with { Options = changed };

    [Theory]
    [MemberData(nameof(Properties))]
    public void A_change_is_refused_by_the_name_of_its_setting(string property)
    {
        TrainingSettings changed = Changes[property];
        var setting = (Setting)typeof(Settings).GetProperty(property)!.GetValue(null)!;
        Assert.StartsWith($"{setting} ", Assert.Throws<InputException>(() => Standard.CheckSame(changed, "folder")).Message,
            StringComparison.Ordinal);
        changed.CheckSame(changed, "folder");
        Standard.CheckSame(changed, "folder", setting);
    }

    [Theory]
    [InlineData("a/model", 'a', "b/model", 'a', true)]
    [InlineData("a/model", 'a', "a/model", 'b', false)]
    [InlineData("a/model", 'a', null, null, false)]
    [InlineData("a/model", 'a', "a/model", null, true)]
    [InlineData("a/model", null, "./a/../a/model", 'b', true)]
    [InlineData("a/model", 'a', "b/model", null, false)]
    [InlineData("a/model", null, "b/model", null, false)]
    public void Initial_parameters_are_the_same_where_their_file_is_or_as_far_as_its_place_tells(
        string? first, char? firstSum, string? second, char? secondSum, bool areSame)
    {
        TrainingSettings a = Standard with { InitialModel = first, InitialModelSha256 = firstSum is { } x ? Sum(x) : null },
            b = Standard with { InitialModel = second, InitialModelSha256 = secondSum is { } y ? Sum(y) : null };
        Assert.Equal(areSame, a.DifferenceTo(b) is null);
        Assert.Equal(areSame, b.DifferenceTo(a) is null);
        if (firstSum is not null && secondSum is not null)
            Assert.Equal(areSame, a.Key.SequenceEqual(b.Key));
    }

    [Fact]
    public void No_setting_is_forgotten()
    {
        IEnumerable<string> properties = new[] { typeof(TrainingSettings), typeof(TrainingOptions) }
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
                .Where(property => property.CanWrite)
            // The runs of an experiment have it in common with nothing, and are compared by it apart.
            .Select(property => property.Name).Except([nameof(TrainingSettings.Options), nameof(TrainingOptions.Run)]);
        Assert.Equal(properties.Order(), Changes.Keys.Order());
        Assert.Equal(Changes.Count, Standard.Values().DistinctBy(value => value.Setting).Count());
    }

    [Fact]
    public void Values_are_those_that_users_write() => Assert.Equal(
        ["raw", "", "", "500", "0.001", "constant", "", "sgd", "full", "0", "1"], Standard.Values().Select(value => value.Value));
}
