using IlgpuDistance.Checks.Fuzz;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Checks.Tests.Fuzz;

/// <summary>Readers with a planted defect each show that the check can fail.</summary>
public sealed class FuzzCampaignTests
{
    private static readonly byte[] Json = "{\"count\":3,\"names\":[\"a\",\"b\"]}"u8.ToArray();

    private static FuzzTarget Target(Action<byte[]> read, InputForm form = InputForm.Bytes) =>
        new("planted", 1, form, [Json], read);

    private static FuzzResult Run(FuzzTarget target, int cases = 2000) =>
        new FuzzCampaign([target], seed: 7).Run(number => number < cases);

    [Fact]
    public void A_reader_that_reads_or_refuses_in_words_is_sound()
    {
        FuzzResult result = Run(Target(input =>
        {
            if (!input.SequenceEqual(Json))
                throw new InputException("is damaged");
        }));
        Assert.Empty(result.Faults);
        Assert.Equal(2000, result.Cases);
        // A mutation can leave an input as it is, but seldom does.
        Assert.InRange(result.Refused, 1500, 2000);
    }

    [Fact]
    public void Any_other_exception_is_a_fault_that_its_case_repeats()
    {
        // The defect shows where the input ends behind the colon of "count".
        FuzzTarget target = Target(input => _ = input[Array.IndexOf(input, (byte)':') + 1]);
        var campaign = new FuzzCampaign([target], seed: 7);
        FuzzFault fault = Assert.Single(campaign.Run(number => number < 2000).Faults);
        Assert.IsType<IndexOutOfRangeException>(fault.Error);
        Assert.Throws<IndexOutOfRangeException>(() => target.Read(campaign.InputOf(fault.Case)));
        FuzzResult again = new FuzzCampaign([target], seed: 7).Run(number => number == fault.Case, fault.Case);
        Assert.Equal(fault.Case, Assert.Single(again.Faults).Case);
    }

    [Fact]
    public void A_refusal_of_another_kind_is_one_only_where_the_reader_documents_it()
    {
        FuzzTarget target = Target(_ => throw new InvalidDataException("is damaged"));
        Assert.Single(Run(target).Faults);
        Assert.Empty(Run(target with { IsRefusal = error => error is InvalidDataException }).Faults);
    }

    [Fact]
    public void A_count_in_the_input_that_is_believed_is_wasted_memory()
    {
        static void Believe(byte[] input)
        {
            static bool IsDigit(byte value) => char.IsAsciiDigit((char)value);
            byte[] digits = [.. input.SkipWhile(value => !IsDigit(value)).TakeWhile(IsDigit)];
            // 2147483647 and its like are too large for this reader; digits that are doubled are not.
            if (int.TryParse(digits, out int count) && count < 100_000_000)
                GC.KeepAlive(new byte[count]);
        }

        byte[] sound = "{\"count\":40000}"u8.ToArray();
        FuzzTarget target = Target(Believe, InputForm.Json) with { Seeds = [sound], FixedAllocation = 100_000 };
        FuzzFault fault = Assert.Single(Run(target, 5000).Faults);
        Assert.Contains("bytes were allocated for an input of ", fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_case_that_does_not_end_is_a_fault()
    {
        using var stop = new ManualResetEventSlim();
        FuzzResult result = Run(Target(input =>
        {
            while (input.Length < Json.Length && !stop.IsSet)
                Thread.SpinWait(1000);
        }));
        stop.Set();
        Assert.Contains("has not ended", Assert.Single(result.Faults).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Damage_to_JSON_most_often_leaves_it_JSON()
    {
        var campaign = new FuzzCampaign([Target(_ => { }, InputForm.Json)], seed: 1);
        int sound = Enumerable.Range(0, 1000).Count(number => IsJson(campaign.InputOf(number)));
        Assert.InRange(sound, 400, 990);
    }

    private static bool IsJson(byte[] input)
    {
        try
        {
            using var document = System.Text.Json.JsonDocument.Parse(input);
            return true;
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }
    }

    [Fact]
    public void Every_reader_of_the_program_stands_a_few_hundred_damaged_inputs()
    {
        using var files = new FuzzFolder();
        FuzzResult result = new FuzzCampaign(FuzzTargets.All(files), seed: 3).Run(number => number < 500);
        Assert.Equal([], result.Faults.Select(fault => $"{fault.Target}: {fault.Problem} {fault.Place}"));
    }
}
